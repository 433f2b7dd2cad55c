//! OpenID Connect identity providers (IAM User Guide, "OIDC federation").

mod rows;
