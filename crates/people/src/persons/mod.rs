//! Persons (服务对象): who is served or may be, where they live, how they are found again.

pub mod row;
