use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::{Arrival, Call, Departures, Env, Origin};
use daypass_ident::{AccountId, Arn, IdGen, IdKind, ManualClock, SystemClock, SystemIds, UniqueId};
use daypass_state::record::{
    AccessKeyRecord, AccessReportRecord, AccessReportSubject, AccountSettingsRecord,
    AssertionEncryption, CredentialReportRecord, DelegationRequestRecord, DelegationStage,
    DeletionTaskRecord, GroupRecord, HeldPolicies, InstanceProfileRecord, KeyOwner, KeyStatus,
    LoginProfileRecord, MfaAssignment, MfaDeviceRecord, OidcProviderRecord, PasswordPolicyRecord,
    PolicyRecord, RoleRecord, SamlProviderRecord, ServerCertificateRecord,
    ServiceSpecificCredentialRecord, SigningCertificateRecord, SshPublicKeyRecord, Tags,
    UserRecord, VersionRecord,
};
use daypass_state::{Directory, Draft, State};
use daypass_store::MemoryStore;
use daypass_tests::ACCOUNT;
use daypass_token::{ContextAssertion, ContextKind, KeyRing, OnBehalfOf};
use daypass_totp::Seed;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A call of Alice's in an account that has one entity of each kind that the samples name, with
/// all that it can have: tags, and a boundary for whom there are any.
pub(crate) async fn call() -> Call {
    let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
    let mut draft = Draft::default();
    put_entities(&mut draft, ACCOUNT.parse().unwrap(), ALICES_KEY, &SystemIds);
    state.replace(draft).await.unwrap();
    // When the code that the samples give is the one that Alice's device shows.
    let clock = ManualClock::new(SystemClock);
    clock.freeze(DateTime::from_secs(0));
    let env = Env {
        state,
        directory: Directory::new(KeyRing::generate(&SystemIds), None),
        clock: Arc::new(clock),
        ids: Arc::new(SystemIds),
        issuer: Arc::default(),
        departures: Departures::NONE,
        oidc_keys: Arc::default(),
        service_principals: Arc::default(),
    };
    let (view, now) = (env.state.view(), env.clock.now());
    let caller = env.directory.identify(&view, ALICES_KEY, None, now.secs()).unwrap();
    let origin =
        Origin { source_ip: None, secure_transport: true, user_agent: None, referer: None };
    let arrival = Arrival { env: Arc::new(env), view, region: "us-east-1".into(), now, origin };
    arrival.made_by(caller)
}

/// An assertion that STS can open, for a form.
pub(crate) fn context_assertion(call: &Call) -> String {
    let arn = |rest: &str| format!("arn:aws:{rest}").parse().unwrap();
    let assertion = ContextAssertion {
        user: OnBehalfOf {
            kind: ContextKind::Identity,
            user_id: "544894e8-80c1-707f-60e3-3ba6510dfac1".to_owned(),
            identity_store_arn: arn("identitystore::123456789012:identitystore/d-1234567890"),
        },
        instance_arn: arn("sso:::instance/ssoins-1234567890abcdef"),
        application_arn: arn("sso::123456789012:application/ssoins-1234567890abcdef/apl-1"),
        credential_id: "credential".to_owned(),
        expires_at: 1,
        well_known_keys: false,
    };
    let sealed = call.env.directory.ring().seal_context(&assertion, &SystemIds).unwrap();
    utf8_percent_encode(sealed.expose(), NON_ALPHANUMERIC).to_string()
}

/// One entity of each kind that the samples name, in an account.
pub(crate) fn put_entities(
    draft: &mut Draft,
    account: AccountId,
    alices_key: &str,
    ids: &dyn IdGen,
) {
    let mut tags = Tags::default();
    tags.set("stage", "test", |one, other| one == other);
    let boundary = Some(Arn::policy(account, PATH, "limits"));
    let id = |kind| UniqueId::generate(kind, account, ids);
    let alice = UserRecord {
        name: "alice".to_owned(),
        path: PATH.to_owned(),
        id: id(IdKind::User),
        create_date: 0,
        permissions_boundary: boundary.clone(),
        policies: HeldPolicies::default(),
        groups: Vec::new(),
        tags: tags.clone(),
    };
    draft.put_user(account, &alice);
    draft.put_access_key(
        account,
        &AccessKeyRecord {
            id: alices_key.parse().unwrap(),
            secret: "secret".to_owned().into(),
            owner: KeyOwner::User(alice.id),
            status: KeyStatus::Active,
            create_date: 0,
        },
    );
    draft.put_login_profile(
        account,
        &LoginProfileRecord {
            user: alice.id,
            create_date: 0,
            password: "no hash".to_owned().into(),
            change_date: 0,
            previous: Vec::new(),
            reset_required: false,
        },
    );
    // Who reads it is whoever asks in the tests of other accounts.
    draft.put_access_report(
        account,
        &AccessReportRecord {
            id: "74b4bb8f-ef21-ed9c-7273-1114908d4198".to_owned(),
            requested_by: format!("arn:aws:iam::{account}:user/administrator"),
            create_date_millis: 0,
            services: vec!["iam".to_owned()],
            subject: AccessReportSubject::Entity {
                by_action: false,
                entities: vec![alice.id],
                uses: Vec::new(),
                actions: Vec::new(),
            },
        },
    );
    draft.put_settings(
        account,
        &AccountSettingsRecord {
            properties: [("RoleManager/Enabled".to_owned(), "true".to_owned())].into(),
            version_two_tokens: true,
            quotas: Default::default(),
        },
    );
    draft.put_credential(
        account,
        &SigningCertificateRecord {
            id: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".to_owned(),
            owner: KeyOwner::User(alice.id),
            body: String::new(),
            digest: String::new(),
            status: KeyStatus::Active,
            upload_date: 0,
        },
    );
    draft.put_credential(
        account,
        &SshPublicKeyRecord {
            id: "APKA1234567890EXAMPL".to_owned(),
            user: alice.id,
            body: "ssh-rsa".to_owned(),
            fingerprint: String::new(),
            status: KeyStatus::Active,
            upload_date: 0,
        },
    );
    draft.put_server_certificate(
        account,
        &ServerCertificateRecord {
            name: "web".to_owned(),
            path: "/".to_owned(),
            id: id(IdKind::ServerCertificate),
            upload_date: 0,
            expiration: 0,
            body: String::new(),
            chain: None,
            tags: tags.clone(),
        },
    );
    draft.put_credential(
        account,
        &ServiceSpecificCredentialRecord {
            id: "ACCA1234567890EXAMPLE".parse().unwrap(),
            user: alice.id,
            service: "codecommit.amazonaws.com".to_owned(),
            name: "alice-at-123456789012".to_owned(),
            secret_hash: String::new(),
            status: KeyStatus::Active,
            create_date: 0,
            expiration: None,
        },
    );
    draft.put_mfa_device(
        account,
        &MfaDeviceRecord {
            name: "alice".to_owned(),
            path: "/".to_owned(),
            seed: Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap(),
            assignment: Some(MfaAssignment {
                owner: KeyOwner::User(alice.id),
                enable_date: 0,
                drift: 0,
            }),
            newest_spent: None,
            tags: tags.clone(),
        },
    );
    draft.put_group(
        account,
        &GroupRecord {
            name: "staff".to_owned(),
            path: PATH.to_owned(),
            id: id(IdKind::Group),
            create_date: 0,
            policies: HeldPolicies::default(),
        },
    );
    for (name, path) in [("deploy", PATH), ("AWSServiceRoleForECS", SERVICE_LINKED_PATH)] {
        draft.put_role(
            account,
            &RoleRecord {
                name: name.to_owned(),
                path: path.to_owned(),
                id: id(IdKind::Role),
                create_date: 0,
                assume_role_policy_document: TRUST.to_owned(),
                description: None,
                max_session_duration: 3600,
                permissions_boundary: boundary.clone(),
                source_template: None,
                policies: HeldPolicies::default(),
                tags: tags.clone(),
            },
        );
    }
    let report = CredentialReportRecord { content: "user".to_owned(), generated: 0 };
    draft.put_credential_report(account, &report);
    draft.put_password_policy(
        account,
        &PasswordPolicyRecord {
            minimum_length: 6,
            require_symbols: false,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: false,
            allow_users_to_change: false,
            max_age: None,
            reuse_prevention: None,
            hard_expiry: None,
        },
    );
    draft.put_deletion_task(
        account,
        &DeletionTaskRecord {
            id: "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/1f0c".to_owned(),
            create_date: 0,
        },
    );
    draft.put_instance_profile(
        account,
        &InstanceProfileRecord {
            name: "web".to_owned(),
            path: PATH.to_owned(),
            id: id(IdKind::InstanceProfile),
            create_date: 0,
            role: None,
            tags: tags.clone(),
        },
    );
    draft.put_oidc_provider(
        account,
        &OidcProviderRecord {
            url: "https://id.example.com".to_owned(),
            client_ids: Vec::new(),
            thumbprints: Vec::new(),
            create_date: 0,
            tags: tags.clone(),
        },
    );
    draft.put_saml_provider(
        account,
        &SamlProviderRecord {
            name: "idp".to_owned(),
            uuid: "SAMLSPAAAAAAAAAAAAAAAA".to_owned(),
            metadata: String::new(),
            create_date: 0,
            valid_until: 0,
            assertion_encryption: AssertionEncryption::Unset,
            private_keys: Vec::new(),
            tags: tags.clone(),
        },
    );
    draft.put_delegation_request(&DelegationRequestRecord {
        id: "aaaaaaaaaaaaaaaa".to_owned(),
        requestor: AccountId::ZERO,
        workflow_id: "setup-1".to_owned(),
        description: String::new(),
        message: None,
        redirect_url: None,
        notification_channel: "arn:aws:sns:us-east-1:000000000000:delegation".to_owned(),
        session_seconds: 900,
        only_send_by_owner: false,
        template_arn: "arn:aws:iam::000000000000:policy/setup".to_owned(),
        parameters: Vec::new(),
        permission_policy: String::new(),
        owner_account: Some(account),
        owner: Some(format!("arn:aws:iam::{account}:user/alice")),
        stage: DelegationStage::Assigned,
        create_date: 0,
        update_date: 0,
        notes: None,
        rejection_reason: None,
        approver: None,
        trade_in_token: None,
    });
    draft.put_policy(
        account,
        &PolicyRecord {
            name: "limits".to_owned(),
            path: PATH.to_owned(),
            id: id(IdKind::Policy),
            description: None,
            create_date: 0,
            update_date: 0,
            default_version: 1,
            next_version: 2,
            versions: BTreeMap::from([(
                1,
                VersionRecord { document: DOCUMENT.to_owned(), create_date: 0 },
            )]),
            tags,
        },
    );
}

pub(crate) const ALICES_KEY: &str = "AKIAALICE00000000000";
const PATH: &str = "/team/";
const SERVICE_LINKED_PATH: &str = "/aws-service-role/ecs.amazonaws.com/";
/// Whoever asks it gets to know that it asks for the key.
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": {"AWS": "*"},
    "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "secret"}}}}"#;
const DOCUMENT: &str = r#"{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
