/// Where daypass does on purpose what AWS does not, to serve users on their own machine. There
/// are few; each says what it is for. All are off under `--strict`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departures {
    /// A root user may call `AssumeRole` on a role that trusts its account. AWS refuses it with
    /// `Roles may not be assumed by root accounts.`; guides for local emulators do just that with
    /// the one key that they have.
    pub root_may_assume_roles: bool,
    /// IAM accepts signatures scoped to any region. AWS's IAM has one region, `us-east-1`, which
    /// SDKs know by its host name; with an endpoint URL of the user's own they sign with the
    /// client's region instead, and there is no setting to change that.
    pub iam_in_any_region: bool,
    /// The answer to a signature that does not match names, in the header `x-daypass-diagnosis`,
    /// where the reason can be read on the same machine. AWS does not tell.
    pub diagnoses: bool,
    /// The answer to a call that policies do not allow carries, in the header
    /// `x-daypass-authorization-message`, what `DecodeAuthorizationMessage` opens, and names, in
    /// `x-daypass-why`, where the whole explanation can be read. AWS's IAM and STS encode no
    /// messages; other services put theirs into the text, which stays as it is here.
    pub explanations: Explanations,
    /// The web identities of an account's principals are issued below the address that daypass
    /// listens on, where whoever is shown one can fetch the keys. AWS's have issuers at host names
    /// of AWS's; daypass answers under these too, to clients that are sent here for them.
    pub issuers_at_own_address: bool,
    /// The policy simulator asks a role's trust policy who may assume the role: that of the role
    /// itself in `SimulatePrincipalPolicy`, if the role belongs to the account of whoever asks, and
    /// in both simulations one that is given. AWS's simulator evaluates none for `sts:AssumeRole`,
    /// and so calls allowed what STS refuses.
    pub simulated_trust: bool,
    /// An OpenID Connect provider on loopback may be plain `http` and have a port, while the
    /// well-known keys are in force: a provider that is tried out on the same machine. AWS wants
    /// `https` and no port, and could not reach it anyway. An `https` issuer's name may resolve to
    /// loopback under the same condition.
    pub loopback_issuers: bool,
    /// `CreateOpenIDConnectProvider` without thumbprints asks nobody, and the list stays empty: the
    /// issuer's certificate must be of a known authority whenever its keys are fetched. AWS asks the
    /// issuer's server for its certificates and registers the topmost, or refuses a server that does not
    /// answer; on somebody's own machine there may be no way to it.
    pub unasked_issuers: bool,
    /// A SAML response may be addressed to a sign-in page on loopback, such as daypass's own
    /// `http://localhost:4566/saml`, and then counts as addressed to AWS's: an identity provider that
    /// is tried out posts what it has to where the browser can bring it. AWS knows its own pages only.
    pub loopback_sign_in: bool,
    /// Any account may create delegation requests, with its own managed policies for templates, while
    /// the well-known keys are in force; the tokens are read over HTTP on the same machine. AWS takes
    /// them of partners that it has registered, with templates of theirs, and sends tokens by SNS.
    pub delegation: bool,
    /// Whoever sits at this machine gets context assertions for `ProvidedContexts` of `AssumeRole`,
    /// about any user, while the well-known keys are in force. With AWS they come from IAM Identity
    /// Center, for users who have signed in.
    pub context_assertions: bool,
    /// Whoever sits at this machine may call `AssumeRole` as any AWS service, while the well-known keys
    /// are in force. With AWS only the services do.
    pub service_calls: bool,
    /// A `GET` of the root path without a signature and without an action is answered with a page that says
    /// what daypass is. AWS redirects to its website.
    pub introduction: bool,
    /// A trust policy that names a service which daypass does not know is refused with AWS's sentence and
    /// more: which name was probably meant, and the setting that adds names. AWS gives its sentence alone.
    pub service_advice: bool,
}

impl Departures {
    /// AWS's behaviour in everything.
    pub const NONE: Self = Self {
        root_may_assume_roles: false,
        iam_in_any_region: false,
        diagnoses: false,
        explanations: Explanations::None,
        issuers_at_own_address: false,
        simulated_trust: false,
        loopback_issuers: false,
        unasked_issuers: false,
        loopback_sign_in: false,
        delegation: false,
        context_assertions: false,
        service_calls: false,
        introduction: false,
        service_advice: false,
    };

    /// What a start without `--strict` allows.
    pub const DEFAULT: Self = Self {
        root_may_assume_roles: true,
        iam_in_any_region: true,
        diagnoses: true,
        explanations: Explanations::Denied,
        issuers_at_own_address: true,
        simulated_trust: true,
        loopback_issuers: true,
        unasked_issuers: true,
        loopback_sign_in: true,
        delegation: true,
        context_assertions: true,
        service_calls: true,
        introduction: true,
        service_advice: true,
    };
}

impl Default for Departures {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Of which calls it is told how policies decided them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explanations {
    /// Of none.
    None,
    /// Of those that were denied.
    Denied,
    /// Of all; those that are allowed then cost more.
    All,
}
