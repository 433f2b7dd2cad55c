//! Names and secrets that every room shares: ARNs, account and unique ids, principals, `Secret`, `Clock`, `IdGen`.
