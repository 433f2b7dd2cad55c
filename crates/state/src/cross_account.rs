/// Why an operation reads the state of accounts other than its caller's.
///
/// Operations read their caller's account, and nothing else, unless AWS's own answer depends on
/// another account. These are all the cases in which it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrossAccount {
    /// STS reads the role that a caller of any account wants to assume: its trust policy decides.
    AssumedRole,
    /// A trust policy names principals of any account. IAM stores their unique ids, shows their
    /// ARNs, and refuses a principal that does not exist (IAM User Guide, "AWS JSON policy
    /// elements: Principal").
    TrustedPrincipals,
    /// An account alias is unique among all accounts (IAM API Reference, `CreateAccountAlias`).
    Aliases,
    /// A delegation request goes from one account to another.
    DelegationRequests,
    /// `GetAccessKeyInfo` answers which account an access key belongs to (STS API Reference).
    AccessKeyOwner,
    /// An organisation spans accounts: its management account is told of its members.
    Organization,
}
