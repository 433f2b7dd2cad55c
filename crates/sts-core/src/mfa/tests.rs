use daypass_ident::Clock as _;
use daypass_model::ServiceError;
use daypass_model::sts::{AssumeRoleInput, GetSessionTokenInput};
use daypass_state::record::{KeyOwner, MfaAssignment, MfaDeviceRecord, Tags};
use daypass_state::{Caller, Tx};
use daypass_totp::{Seed, step_at};
use serde_json::{Value, json};

use super::*;
use crate::generated::{AssumeRole, GetSessionToken};
use crate::testing::{NOW, Setup, World, account, allows, credentials, refusal, role_arn, trusts};

const INCOMPLETE: &str = "403 AccessDenied MultiFactorAuthentication failed, must provide both MFA \
                          serial number and one time pass code.";
const UNKNOWN: &str = "403 AccessDenied MultiFactorAuthentication failed, unable to validate MFA \
                       code.  Please verify your MFA serial number is valid and associated with \
                       this user.";
const INVALID: &str =
    "403 AccessDenied MultiFactorAuthentication failed with invalid MFA one time pass code. ";

/// A device in somebody's hand.
struct Phone {
    serial: String,
    seed: Seed,
}

impl Phone {
    async fn of(world: &World, owner: &Caller) -> Self {
        let owner_record = match owner.principal() {
            Principal::User { id, .. } => KeyOwner::User(*id),
            _ => KeyOwner::Root,
        };
        let seed = Seed::generate(&*world.env.ids);
        let name = owner.principal().user_id();
        let mut tx = Tx::new(world.env.state.view(), account());
        tx.put_mfa_device(&MfaDeviceRecord {
            name: name.clone(),
            path: "/".to_owned(),
            seed: seed.clone(),
            assignment: Some(MfaAssignment { owner: owner_record, enable_date: NOW, drift: 0 }),
            newest_spent: None,
            tags: Tags::default(),
        });
        world.env.state.commit(tx).await.unwrap();
        Self { serial: format!("arn:aws:iam::123456789012:mfa/{name}"), seed }
    }

    /// The code that it shows so many steps from now.
    fn code(&self, world: &World, ahead: i64) -> String {
        self.seed.code_at(step_at(world.clock.now().secs()) + ahead).to_string()
    }
}

/// Only who has given a code may assume it.
fn demands(condition: Value) -> Value {
    let mut trust = trusts("123456789012");
    trust["Condition"] = condition;
    trust
}

fn with_mfa() -> Value {
    demands(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }))
}

fn assume(role: &str, serial: Option<&str>, code: Option<&str>) -> AssumeRoleInput {
    AssumeRoleInput {
        role_arn: role_arn(role),
        role_session_name: "s1".to_owned(),
        serial_number: serial.map(str::to_owned),
        token_code: code.map(str::to_owned),
        ..AssumeRoleInput::default()
    }
}

fn get(serial: Option<&str>, code: Option<&str>) -> GetSessionTokenInput {
    GetSessionTokenInput {
        serial_number: serial.map(str::to_owned),
        token_code: code.map(str::to_owned),
        ..GetSessionTokenInput::default()
    }
}

async fn session(world: &World, caller: &Caller, phone: &Phone, ahead: i64) -> Caller {
    let input = get(Some(&phone.serial), Some(&phone.code(world, ahead)));
    let output = world.call::<GetSessionToken>(caller, input).await.unwrap();
    world.session(&output.credentials.unwrap())
}

/// Users who may assume roles, of which `vault` wants a code.
async fn world() -> World {
    let may = || Some(allows(&["sts:AssumeRole"]));
    let setup = Setup::default().user("alice", may()).user("bob", may());
    setup.role("vault", with_mfa(), may()).role("open", trusts("123456789012"), may()).build().await
}

#[tokio::test]
async fn what_is_no_code_of_the_callers_device_is_refused() {
    for assumes in [false, true] {
        let world = world().await;
        let (alice, bob) = (world.user("alice"), world.user("bob"));
        let phone = Phone::of(&world, &alice).await;
        let his = Phone::of(&world, &bob).await;
        let good = phone.code(&world, 0);
        let wrong = if good == "000000" { "000001" } else { "000000" };
        let (late, early) = (phone.code(&world, -2), phone.code(&world, 2));
        let (serial, theirs) = (Some(&*phone.serial), his.code(&world, 0));
        let cases = [
            (serial, None, INCOMPLETE),
            (None, Some(&*good), INCOMPLETE),
            (Some("GAHT12345678"), Some(&*good), UNKNOWN),
            (Some("arn:aws:iam::123456789012:mfa/nobody"), Some(&*good), UNKNOWN),
            (Some(&*his.serial), Some(&*theirs), UNKNOWN),
            (serial, Some(wrong), INVALID),
            (serial, Some(&*late), INVALID),
            (serial, Some(&*early), INVALID),
            (serial, Some("٠٠٠"), INVALID),
        ];
        for (serial, code, expected) in cases {
            let refused = if assumes {
                refusal(world.call::<AssumeRole>(&alice, assume("open", serial, code)).await)
            } else {
                refusal(world.call::<GetSessionToken>(&alice, get(serial, code)).await)
            };
            assert_eq!(refused, expected, "{serial:?} {code:?}");
        }
        // None of them has spent the good one.
        world.call::<GetSessionToken>(&alice, get(serial, Some(&good))).await.unwrap();
    }
}

#[tokio::test]
async fn after_some_wrong_codes_no_code_is_taken_for_a_while() {
    let world = world().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let serial = Some(&*phone.serial);
    let far = phone.code(&world, 100);
    for number in 0..8 {
        let result = if number % 2 == 0 {
            refusal(world.call::<GetSessionToken>(&alice, get(serial, Some(&far))).await)
        } else {
            refusal(world.call::<AssumeRole>(&alice, assume("open", serial, Some(&far))).await)
        };
        assert_eq!(result, INVALID);
    }
    for (pass, good) in [(0, false), (24, false), (1, true)] {
        world.clock.advance(pass);
        let right = phone.code(&world, 0);
        let result = world.call::<GetSessionToken>(&alice, get(serial, Some(&right))).await;
        assert_eq!(result.is_ok(), good, "{pass}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_whatever_it_is_used() {
    let world = world().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let serial = Some(&*phone.serial);
    let code = phone.code(&world, 0);
    let before = phone.code(&world, -1);
    world.call::<AssumeRole>(&alice, assume("vault", serial, Some(&code))).await.unwrap();
    for code in [&code, &before] {
        let result = world.call::<AssumeRole>(&alice, assume("vault", serial, Some(code))).await;
        assert_eq!(refusal(result), INVALID);
        let result = world.call::<GetSessionToken>(&alice, get(serial, Some(code))).await;
        assert_eq!(refusal(result), INVALID);
    }
    world.clock.advance(30);
    let next = phone.code(&world, 0);
    world.call::<GetSessionToken>(&alice, get(serial, Some(&next))).await.unwrap();
}

#[tokio::test]
async fn of_two_calls_at_once_with_one_code_one_gets_a_session() {
    let world = world().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let call = world.made_by(&alice);
    let code = phone.code(&world, 0);
    let check = || check(Some(&phone.serial), Some(&code), &call).unwrap().unwrap();
    let (one, other) = (check(), check());
    assert_eq!(one.spend().unwrap().serial, phone.serial);
    assert_eq!(refusal(other.spend().map_err(ServiceError::from)), INVALID);
}

#[tokio::test]
async fn a_code_that_gets_no_session_stays_good() {
    let world = world().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let serial = Some(&*phone.serial);
    let code = phone.code(&world, 0);
    let too_long =
        AssumeRoleInput { duration_seconds: Some(7_201), ..assume("vault", serial, Some(&code)) };
    for input in [assume("absent", serial, Some(&code)), too_long] {
        assert!(world.call::<AssumeRole>(&alice, input).await.is_err());
    }
    world.call::<AssumeRole>(&alice, assume("vault", serial, Some(&code))).await.unwrap();
}

#[tokio::test]
async fn a_role_may_demand_a_code() {
    let world = world().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let denied = "403 AccessDenied User: arn:aws:iam::123456789012:user/alice is not authorized to \
                  perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/team/vault";
    let without = || assume("vault", None, None);
    assert_eq!(refusal(world.call::<AssumeRole>(&alice, without()).await), denied);
    // A session that was begun without a code says so.
    let plain = world.call::<GetSessionToken>(&alice, get(None, None)).await.unwrap();
    let plain = world.session(&plain.credentials.unwrap());
    assert_eq!(refusal(world.call::<AssumeRole>(&plain, without()).await), denied);

    // With the call itself, by key and by such a session.
    for caller in [&alice, &plain] {
        let code = phone.code(&world, 0);
        let input = assume("vault", Some(&phone.serial), Some(&code));
        world.call::<AssumeRole>(caller, input).await.unwrap();
        world.clock.advance(30);
    }
    // Or when the session began.
    let session = session(&world, &alice, &phone, 0).await;
    let output = world.call::<AssumeRole>(&session, without()).await.unwrap();

    // The role's session remembers it for CloudTrail, and shows it to no policy.
    let role = world.session(credentials(&output));
    let mfa = role.session().unwrap().claims.mfa.clone().unwrap();
    assert_eq!((mfa.serial, mfa.authenticated_at), (phone.serial.clone(), NOW + 60));
    let arn = "arn:aws:sts::123456789012:assumed-role/vault/s1";
    let result = world.call::<AssumeRole>(&role, without()).await;
    assert_eq!(refusal(result), denied.replace("arn:aws:iam::123456789012:user/alice", arn));
    // Nor has a role a device.
    let code = phone.code(&world, 1);
    let input = assume("open", Some(&phone.serial), Some(&code));
    assert_eq!(refusal(world.call::<AssumeRole>(&role, input).await), UNKNOWN);
}

/// Long-term keys have no `aws:MultiFactorAuthPresent` at all: a deny needs `BoolIfExists`.
#[tokio::test]
async fn a_deny_without_a_code_reaches_long_term_keys_by_if_exists_only() {
    for (operator, denies_keys) in [("BoolIfExists", true), ("Bool", false)] {
        let deny = json!({
            "Effect": "Deny",
            "Action": "sts:AssumeRole",
            "Resource": "*",
            "Condition": { (operator): { "aws:MultiFactorAuthPresent": "false" } },
        });
        let policy = json!([allows(&["sts:AssumeRole"]), deny]);
        let setup = Setup::default().user("alice", Some(policy));
        let world = setup.role("open", trusts("123456789012"), None).build().await;
        let alice = world.user("alice");
        let phone = Phone::of(&world, &alice).await;
        let plain = world.call::<GetSessionToken>(&alice, get(None, None)).await.unwrap();
        let plain = world.session(&plain.credentials.unwrap());
        let session = session(&world, &alice, &phone, 0).await;
        let code = phone.code(&world, 1);
        let cases = [
            (&alice, None, !denies_keys),
            (&plain, None, false),
            (&session, None, true),
            (&alice, Some(&*code), true),
        ];
        for (caller, code, allowed) in cases {
            let input = assume("open", code.map(|_| &*phone.serial), code);
            let result = world.call::<AssumeRole>(caller, input).await;
            assert_eq!(result.is_ok(), allowed, "{operator} {code:?} {:?}", caller.principal());
        }
    }
}

#[tokio::test]
async fn the_age_of_a_code_counts_from_when_it_was_given() {
    let young = demands(json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "300" } }));
    let setup = Setup::default().user("alice", Some(allows(&["sts:AssumeRole"])));
    let world = setup.role("vault", young, None).build().await;
    let alice = world.user("alice");
    let phone = Phone::of(&world, &alice).await;
    let session = session(&world, &alice, &phone, 0).await;
    let without = || assume("vault", None, None);
    assert!(world.call::<AssumeRole>(&alice, without()).await.is_err());
    world.clock.advance(299);
    assert!(world.call::<AssumeRole>(&session, without()).await.is_ok());
    world.clock.advance(1);
    assert!(world.call::<AssumeRole>(&session, without()).await.is_err());
    let code = phone.code(&world, 0);
    let again = assume("vault", Some(&phone.serial), Some(&code));
    assert!(world.call::<AssumeRole>(&session, again).await.is_ok());
}

#[tokio::test]
async fn root_gives_codes_of_its_own_device() {
    let world = world().await;
    let root = world.root();
    let phone = Phone::of(&world, &root).await;
    let session = session(&world, &root, &phone, 0).await;
    assert!(session.session().unwrap().claims.mfa.is_some());
    let code = phone.code(&world, 1);
    let alice = world.user("alice");
    let result = world.call::<GetSessionToken>(&alice, get(Some(&phone.serial), Some(&code))).await;
    assert_eq!(refusal(result), UNKNOWN);
}
