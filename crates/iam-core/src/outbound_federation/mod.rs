//! The account as an issuer of web identities to others.

mod rows;
