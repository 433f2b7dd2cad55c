//! SAML identity providers (IAM User Guide, "SAML 2.0 federation").

mod rows;
