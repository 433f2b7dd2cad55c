use daypass_ident::{AccessKeyId, Arn, IdKind, SystemIds, UniqueId};
use daypass_store::MemoryStore;
use daypass_token::{SealingKeys, SessionClaims};

use super::*;
use crate::record::{AccessKeyRecord, HeldPolicies, RoleRecord, Tags, UserRecord};
use crate::{State, Tx};

const NOW: i64 = 1_800_000_000;

#[tokio::test]
async fn well_known_keys_are_root_users_while_they_are_in_force() {
    let world = World::new().await;
    let in_force = world.directory(true);
    let cases = [
        ("test", Some("123456789012")),
        ("999999999999", Some("999999999999")),
        ("Test", None),
        ("99999999999", None),
        ("AKIAUNKNOWN", None),
    ];
    for (id, account) in cases {
        let found = in_force.identify(&world.view(), id, None, NOW);
        let found =
            found.map(|caller| (caller.principal().is_root(), caller.account().to_string()));
        let expected = account.map(|account| (true, account.to_owned()));
        assert_eq!(found.ok(), expected, "{id}");
        let gone = world.directory(false).identify(&world.view(), id, None, NOW);
        assert_eq!(gone.err(), Some(CredentialError::Unknown), "{id}");
    }
}

#[tokio::test]
async fn a_users_key_is_the_user_until_it_is_inactive() {
    let world = World::new().await;
    let directory = world.directory(false);
    let caller = directory.identify(&world.view(), KEY, None, NOW).unwrap();
    assert_eq!(caller.principal().arn().as_str(), "arn:aws:iam::123456789012:user/alice");
    assert_eq!(caller.secret().expose(), "secret");
    assert!(caller.session().is_none());

    let mut tx = world.begin();
    let view = world.view();
    let record = view.access_key(KEY).unwrap().record.clone();
    tx.put_access_key(&AccessKeyRecord { status: KeyStatus::Inactive, ..record });
    world.state.commit(tx).await.unwrap();
    let refused = directory.identify(&world.view(), KEY, None, NOW);
    assert_eq!(refused.err(), Some(CredentialError::Inactive));
}

#[tokio::test]
async fn a_session_needs_its_own_token_its_time_and_its_role() {
    let world = World::new().await;
    let directory = world.directory(true);
    let (id, token) = world.session(&directory, world.role);
    let (other_id, other_token) = world.session(&directory, world.role);

    let identify = |id: &str, token, now| directory.identify(&world.view(), id, token, now);
    let caller = identify(&id, Some(&*token), NOW).unwrap();
    assert_eq!(
        caller.principal().arn().as_str(),
        "arn:aws:sts::123456789012:assumed-role/deploy/s1"
    );
    assert_eq!(caller.access_key_id(), id);

    let mut tampered = token.clone();
    let end = tampered.pop().unwrap();
    tampered.push(if end == 'A' { 'B' } else { 'A' });
    let cases = [
        (&*id, None, NOW, CredentialError::TokenMissing),
        (&*id, Some(&*other_token), NOW, CredentialError::TokenOfAnotherKey),
        (&*other_id, Some(&*token), NOW, CredentialError::TokenOfAnotherKey),
        (&*id, Some(&*tampered), NOW, CredentialError::TokenUnreadable),
        (&*id, Some(""), NOW, CredentialError::TokenUnreadable),
        (&*id, Some(&*token), NOW + 3_600, CredentialError::Expired),
    ];
    for (id, token, now, error) in cases {
        assert_eq!(identify(id, token, now).err(), Some(error), "{id} {token:?} {now}");
    }
    assert!(identify(&id, Some(&*token), NOW + 3_599).is_ok());

    // The token opens under its own deployment's keys only.
    let elsewhere = world.directory(true).identify(&world.view(), &id, Some(&token), NOW);
    assert_eq!(elsewhere.err(), Some(CredentialError::TokenUnreadable));
}

#[tokio::test]
async fn sessions_from_under_the_well_known_keys_end_with_them() {
    let world = World::new().await;
    let keys = SealingKeys::generate(&SystemIds, NOW);
    let well_known = Some(WellKnownKeys { account: account() });
    let [with, without] = [well_known, None].map(|keys_in| Directory::new(keys.ring(), keys_in));
    let role = Principal::AssumedRole {
        account: account(),
        path: "/".into(),
        role: "deploy".into(),
        id: world.role,
        session: "s1".into(),
    };
    for principal in [role, Principal::Root { account: account() }] {
        for (marked, at, expected) in [
            (true, &with, Ok(())),
            (false, &with, Ok(())),
            (true, &without, Err(CredentialError::IssuerGone)),
            (false, &without, Ok(())),
        ] {
            let id = AccessKeyId::generate(AccessKeyKind::Temporary, account(), &SystemIds);
            let claims = SessionClaims::plain(id.clone(), principal.clone(), NOW, NOW + 3_600);
            let claims = SessionClaims { well_known_keys: marked, ..claims };
            let token = keys.ring().seal(&claims, &SystemIds).unwrap().token;
            let found = at.identify(&world.view(), id.as_str(), Some(token.as_str()), NOW);
            assert_eq!(found.map(|_| ()), expected, "{principal:?} {marked}");
        }
    }
}

#[tokio::test]
async fn a_session_lives_as_long_as_its_key_is_in_the_ring() {
    let world = World::new().await;
    let keys = SealingKeys::generate(&SystemIds, NOW);
    let directory = Directory::new(keys.ring(), None);
    let (id, token) = world.session(&directory, world.role);
    let identify = || directory.identify(&world.view(), &id, Some(&token), NOW).is_ok();
    assert!(identify());

    let rotated = keys.rotated(None, &SystemIds, NOW).unwrap();
    directory.swap_ring(rotated.ring());
    assert!(identify());
    let (new_id, new_token) = world.session(&directory, world.role);

    let without = rotated.rotated(Some(1), &SystemIds, NOW).unwrap();
    directory.swap_ring(without.ring());
    assert!(!identify(), "not even one that was opened before");
    assert!(directory.identify(&world.view(), &new_id, Some(&new_token), NOW).is_ok());
}

#[tokio::test]
async fn a_session_dies_with_its_role_and_a_namesake_does_not_revive_it() {
    let world = World::new().await;
    let directory = world.directory(true);
    let (id, token) = world.session(&directory, world.role);
    assert!(directory.identify(&world.view(), &id, Some(&token), NOW).is_ok());

    let mut tx = world.begin();
    tx.delete_role(world.view().account(account()).role("deploy").unwrap());
    world.state.commit(tx).await.unwrap();
    let mut tx = world.begin();
    tx.put_role(&role(UniqueId::generate(IdKind::Role, account(), &SystemIds)));
    world.state.commit(tx).await.unwrap();
    let refused = directory.identify(&world.view(), &id, Some(&token), NOW);
    assert_eq!(refused.err(), Some(CredentialError::IssuerGone));
}

#[tokio::test]
async fn whoever_has_been_identified_is_identified_again_by_what_is_now() {
    let world = World::new().await;
    let keys = SealingKeys::generate(&SystemIds, NOW);
    let known = Some(WellKnownKeys { account: account() });
    let directory = Directory::new(keys.ring(), known);
    let (id, token) = world.session(&directory, world.role);
    let user = directory.identify(&world.view(), KEY, None, NOW).unwrap();
    let session = directory.identify(&world.view(), &id, Some(&token), NOW).unwrap();
    let root = directory.identify(&world.view(), "test", None, NOW).unwrap();
    let service = Caller::service("lambda.amazonaws.com", account(), Default::default());
    let operator = Caller::operator(account());
    let vouched = Caller::vouched(operator.principal().clone(), Default::default());
    let again = |caller: &Caller, now| {
        let again = directory.identify_again(&world.view(), caller, now);
        again.map(|again| assert_eq!(again.principal(), caller.principal())).err()
    };
    let unknown = Some(CredentialError::Unknown);
    for caller in [&user, &session, &root, &service, &operator] {
        assert_eq!(again(caller, NOW), None, "{caller:?}");
    }
    assert_eq!(again(&vouched, NOW), unknown);
    assert_eq!(again(&session, NOW + 3_600), Some(CredentialError::Expired));

    let record = world.view().access_key(KEY).unwrap().record.clone();
    let put = async |change: &dyn Fn(&mut AccessKeyRecord)| {
        let mut tx = world.begin();
        let mut changed = record.clone();
        change(&mut changed);
        tx.put_access_key(&changed);
        world.state.commit(tx).await.unwrap();
    };
    put(&|key| key.status = KeyStatus::Inactive).await;
    assert_eq!(again(&user, NOW), Some(CredentialError::Inactive));
    put(&|key| key.secret = "another".to_owned().into()).await;
    assert_eq!(again(&user, NOW), unknown);
    put(&|_| ()).await;
    assert_eq!(again(&user, NOW), None);
    let mut tx = world.begin();
    tx.delete_user(world.view().account(account()).user("alice").unwrap());
    tx.delete_role(world.view().account(account()).role("deploy").unwrap());
    world.state.commit(tx).await.unwrap();
    assert_eq!(again(&user, NOW), unknown);
    assert_eq!(again(&session, NOW), Some(CredentialError::IssuerGone));

    tx = world.begin();
    tx.put_role(&role(world.role));
    world.state.commit(tx).await.unwrap();
    assert_eq!(again(&session, NOW), None);
    directory.swap_ring(KeyRing::generate(&SystemIds));
    assert_eq!(again(&session, NOW), Some(CredentialError::TokenUnreadable));
}

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// A user with a key, and a role.
struct World {
    state: State,
    role: UniqueId,
}

impl World {
    async fn new() -> Self {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        let role_id = UniqueId::generate(IdKind::Role, account(), &SystemIds);
        let user_id = UniqueId::generate(IdKind::User, account(), &SystemIds);
        let mut tx = Tx::new(state.view(), account());
        tx.put_user(&UserRecord {
            name: "alice".to_owned(),
            path: "/".to_owned(),
            id: user_id,
            create_date: 0,
            permissions_boundary: None::<Arn>,
            policies: HeldPolicies::default(),
            groups: Vec::new(),
            tags: Tags::default(),
        });
        tx.put_access_key(&AccessKeyRecord {
            id: KEY.parse().unwrap(),
            secret: "secret".to_owned().into(),
            owner: KeyOwner::User(user_id),
            status: KeyStatus::Active,
            create_date: 0,
        });
        tx.put_role(&role(role_id));
        state.commit(tx).await.unwrap();
        Self { state, role: role_id }
    }

    fn directory(&self, well_known: bool) -> Directory {
        let keys = well_known.then(|| WellKnownKeys { account: account() });
        Directory::new(KeyRing::generate(&SystemIds), keys)
    }

    fn session(&self, directory: &Directory, role: UniqueId) -> (String, String) {
        let access_key_id = AccessKeyId::generate(AccessKeyKind::Temporary, account(), &SystemIds);
        let principal = Principal::AssumedRole {
            account: account(),
            path: "/".into(),
            role: "deploy".into(),
            id: role,
            session: "s1".into(),
        };
        let claims = SessionClaims::plain(access_key_id.clone(), principal, NOW, NOW + 3_600);
        let sealed = directory.ring().seal(&claims, &SystemIds).unwrap();
        (access_key_id.to_string(), sealed.token.as_str().to_owned())
    }

    fn begin(&self) -> Tx {
        Tx::new(self.view(), account())
    }

    fn view(&self) -> Arc<View> {
        self.state.view()
    }
}

fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

fn role(id: UniqueId) -> RoleRecord {
    RoleRecord {
        name: "deploy".to_owned(),
        path: "/".to_owned(),
        id,
        create_date: 0,
        assume_role_policy_document: "{}".to_owned(),
        description: None,
        max_session_duration: 3600,
        permissions_boundary: None,
        source_template: None,
        policies: HeldPolicies::default(),
        tags: Tags::default(),
    }
}
