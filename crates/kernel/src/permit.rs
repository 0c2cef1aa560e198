//! Permits (权限): what an account may do, as zero-size types.
//!
//! A room declares one type per action. `Scope<P>` (in `access`) can only be obtained for an account that holds `P`,
//! and only reaches entities that `P` names through [`Sees`]; forgetting either is a compile error.

/// An action that must be permitted, for example `people.visits.record`.
pub trait Permit: Send + Sync + 'static {
    /// Stable code, as written in `data/roles.toml`.
    const CODE: &'static str;
    /// Chinese label shown in account administration.
    const LABEL: &'static str;
    /// English label.
    const LABEL_EN: &'static str;
}

/// States that a permit may reach rows of the entity `E`.
pub trait Sees<E>: Permit {}

/// Declares permits and the entities each may reach.
///
/// ```text
/// permits! {
///     Record = "people.visits.record", "记录走访", "Record visits", sees [visit::Entity, person::Entity];
/// }
/// ```
#[macro_export]
macro_rules! permits {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal $(, sees [$($entity:ty),* $(,)?])?;)*) => {
        $(
            $(#[$doc])*
            #[doc = concat!("Permit `", $code, "` (", $zh, ").")]
            pub struct $name;
            impl $crate::Permit for $name {
                const CODE: &'static str = $code;
                const LABEL: &'static str = $zh;
                const LABEL_EN: &'static str = $en;
            }
            $($(impl $crate::Sees<$entity> for $name {})*)?
        )*
        /// Every permit of this room: code, Chinese label, English label.
        pub const PERMITS: &[(&str, &str, &str)] = &[$(($code, $zh, $en)),*];
    };
}
