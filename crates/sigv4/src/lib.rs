//! Verifies AWS Signature Version 4, or says exactly why a signature does not hold.
