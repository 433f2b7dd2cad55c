//! OpenID Connect: ID tokens, the keys that verify them, and where the keys are found.
