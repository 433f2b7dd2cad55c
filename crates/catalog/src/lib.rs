//! AWS's own data: the managed policies.
