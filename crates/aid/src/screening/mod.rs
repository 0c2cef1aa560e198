//! Screening (政策筛查): all policies over everybody of a place [G13, G10].

pub mod load;
