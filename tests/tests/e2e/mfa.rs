//! Multi-factor authentication as people meet it: an authenticator app, codes that are good once,
//! and what is closed to who has given none.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_iam::types::VirtualMfaDevice;
use daypass::{Daypass, Seed};
use daypass_ident::Clock;
use daypass_tests::{
    ACCOUNT, Refusal, Refused, World, allow, invalid_token, refusal, session_keys, trust,
};
use serde_json::json;
use totp_rs::{Secret, Totp};

const STEP: Duration = Duration::from_secs(30);

/// An authenticator app that knows nothing of daypass.
pub(crate) struct App {
    pub(crate) serial: String,
    totp: Totp,
}

impl App {
    fn new(serial: &str, seed: &str) -> Self {
        let secret = Secret::try_from_base32(seed).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build_noncompliant();
        Self { serial: serial.to_owned(), totp }
    }

    pub(crate) fn of(device: &VirtualMfaDevice) -> Self {
        let seed = device.base32_string_seed().unwrap().as_ref();
        Self::new(device.serial_number(), std::str::from_utf8(seed).unwrap())
    }

    /// What it shows by the service clock.
    pub(crate) fn code(&self, world: &World) -> String {
        self.code_after(world, Duration::ZERO)
    }

    /// What it will show when so much time has passed.
    fn code_after(&self, world: &World, time: Duration) -> String {
        let now: u64 = world.daypass.clock().now().secs().try_into().unwrap();
        self.totp.generate(now + time.as_secs()).to_string()
    }

    /// Three codes in a row of an app whose clock is so many seconds ahead.
    pub(crate) fn codes_ahead(&self, world: &World, seconds: u64) -> [String; 3] {
        let ahead = Duration::from_secs(seconds);
        [ahead, ahead + STEP, ahead + 2 * STEP].map(|time| self.code_after(world, time))
    }

    /// Two codes in a row, and the time that it takes to see them and then a third.
    pub(crate) fn next_codes(&self, world: &World) -> [String; 2] {
        let one = self.code(world);
        world.pass(STEP);
        let two = self.code(world);
        world.pass(STEP);
        [one, two]
    }
}

fn invalid_code() -> Refusal {
    let message = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    refusal(403, "AccessDenied", message)
}

/// Alice, who has set her device up herself.
async fn with_device(world: &World) -> (Credentials, App) {
    let alice = world.user("alice").await;
    let mut own = allow("iam:*", "*");
    own["Resource"] = json!(["arn:aws:iam::*:mfa/*", "arn:aws:iam::*:user/alice"]);
    own["Action"] =
        json!(["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices"]);
    world.permit("alice", own).await;
    let iam = world.iam(&alice);
    let made = iam.create_virtual_mfa_device().virtual_mfa_device_name("alice").send().await;
    let device = made.unwrap().virtual_mfa_device.unwrap();
    assert!(device.qr_code_png().unwrap().as_ref().starts_with(b"\x89PNG"));
    let app = App::of(&device);

    let [one, two] = app.next_codes(world);
    let enable = |one: &str, two: &str| {
        let call = iam.enable_mfa_device().user_name("alice").serial_number(&app.serial);
        call.authentication_code1(one).authentication_code2(two).send()
    };
    let message = "Authentication code for device is not valid";
    let wrong = refusal(403, "InvalidAuthenticationCode", message);
    assert_eq!(enable(&two, &one).await.refused(), wrong);
    enable(&one, &two).await.unwrap();
    (alice, app)
}

#[tokio::test]
async fn a_session_begun_with_a_code_may_what_one_without_may_not() {
    let world = World::start().await;
    let (alice, app) = with_device(&world).await;
    let statement = json!({
        "Effect": "Allow",
        "Action": "iam:ListUsers",
        "Resource": "*",
        "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } },
    });
    world.permit("alice", statement).await;
    let get = |code: String| {
        let call = world.sts(&alice).get_session_token().serial_number(&app.serial);
        async move { call.token_code(code).send().await }
    };
    let code = app.code(&world);
    let session = session_keys(get(code.clone()).await.unwrap().credentials);
    world.iam(&session).list_users().send().await.unwrap();
    assert_eq!(get(code).await.refused(), invalid_code());

    // IAM does not know sessions that were begun without one.
    let plain = world.session_of(&alice).await;
    assert_eq!(world.iam(&plain).list_users().send().await.refused(), invalid_token());
    let denied = world.iam(&alice).list_users().send().await.refused();
    assert_eq!((denied.status, &*denied.code), (403, "AccessDenied"));

    world.pass(STEP);
    get(app.code(&world)).await.unwrap();
}

/// Whoever has alice's key, and no code of hers, neither adds a device of their own nor takes hers away.
#[tokio::test]
async fn a_device_is_not_got_rid_of_without_it() {
    let world = World::start().await;
    let (alice, app) = with_device(&world).await;
    world.permit("alice", allow("iam:*MFADevice", "*")).await;
    let deactivate = |keys: &Credentials| {
        world.iam(keys).deactivate_mfa_device().serial_number(&app.serial).send()
    };
    let message = "To complete this action, please ensure that you are authenticated with an MFA \
                   device that is enabled for this user.";
    let needed = refusal(403, "AccessDenied", message);
    assert_eq!(deactivate(&alice).await.refused(), needed);

    let iam = world.iam(&alice);
    let made = iam.create_virtual_mfa_device().virtual_mfa_device_name("other").send().await;
    let other = App::of(&made.unwrap().virtual_mfa_device.unwrap());
    let [one, two] = other.next_codes(&world);
    let enable = iam.enable_mfa_device().user_name("alice").serial_number(&other.serial);
    let enable = enable.authentication_code1(one).authentication_code2(two);
    assert_eq!(enable.send().await.refused(), needed);

    let call = world.sts(&alice).get_session_token().serial_number(&app.serial);
    let session = call.token_code(app.code(&world)).send().await.unwrap().credentials;
    deactivate(&session_keys(session)).await.unwrap();
}

/// The role for the hour when all else fails: who takes it gives a code, and the session is short.
#[tokio::test]
async fn a_break_glass_role_wants_a_code() {
    let world = World::start().await;
    let (alice, app) = with_device(&world).await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let mut glass = trust(&format!("arn:aws:iam::{ACCOUNT}:user/alice"));
    glass["Condition"] = json!({
        "Bool": { "aws:MultiFactorAuthPresent": "true" },
        "NumericLessThan": { "aws:MultiFactorAuthAge": "60" },
    });
    let role = world.role("break-glass", glass).await;
    let iam = world.iam(&world.root());
    let attach = iam.attach_role_policy().role_name("break-glass");
    attach.policy_arn("arn:aws:iam::aws:policy/AdministratorAccess").send().await.unwrap();
    let assume = |keys: &Credentials| {
        world.sts(keys).assume_role().role_arn(role.arn()).role_session_name("fire")
    };

    let denied = || {
        let message = format!(
            "User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: sts:AssumeRole \
             on resource: {}",
            role.arn()
        );
        refusal(403, "AccessDenied", message)
    };
    assert_eq!(assume(&alice).send().await.refused(), denied());
    let incomplete = "MultiFactorAuthentication failed, must provide both MFA serial number and \
                      one time pass code.";
    let answer = assume(&alice).serial_number(&app.serial).send().await;
    assert_eq!(answer.refused(), refusal(403, "AccessDenied", incomplete));

    let code = app.code(&world);
    let with_code = || assume(&alice).serial_number(&app.serial).token_code(&code);
    let session = session_keys(with_code().send().await.unwrap().credentials);
    world.iam(&session).list_users().send().await.unwrap();
    assert_eq!(with_code().send().await.refused(), invalid_code());

    // A session that began with a code will do while the code is young.
    world.pass(STEP);
    let call = world.sts(&alice).get_session_token().serial_number(&app.serial);
    let session = call.token_code(app.code(&world)).send().await.unwrap();
    let session = session_keys(session.credentials);
    assume(&session).send().await.unwrap();
    world.pass(2 * STEP);
    assert_eq!(assume(&session).send().await.refused(), denied());
}

/// Whoever has alice's key and not her device guesses as often as they like, and is not let in by the
/// right code either, until the wait is over.
#[tokio::test]
async fn codes_are_not_guessed() {
    let world = World::start().await;
    let (alice, app) = with_device(&world).await;
    // So that the right code stays the same while the test runs.
    world.daypass.clock().freeze_now();
    let wait = |seconds| world.pass(Duration::from_secs(seconds));
    let get = |code: String| {
        let call = world.sts(&alice).get_session_token().serial_number(&app.serial);
        async move { call.token_code(code).send().await }
    };
    let wrong = app.code_after(&world, 100 * STEP);
    for _ in 0..4 {
        assert_eq!(get(wrong.clone()).await.refused(), invalid_code());
    }
    get(app.code(&world)).await.unwrap();

    // The right code has ended the first count.
    wait(60);
    let wrong = app.code_after(&world, 100 * STEP);
    let guesses: tokio::task::JoinSet<_> = (0..40).map(|_| get(wrong.clone())).collect();
    for answer in guesses.join_all().await {
        assert_eq!(answer.refused(), invalid_code());
    }
    assert_eq!(get(app.code(&world)).await.refused(), invalid_code());
    // Nobody else is shut out, nor is alice where she needs no code.
    world.sts(&alice).get_session_token().send().await.unwrap();
    // Only the first five of the forty counted.
    wait(24);
    assert_eq!(get(app.code(&world)).await.refused(), invalid_code());
    wait(1);
    get(app.code(&world)).await.unwrap();
}

#[tokio::test]
async fn a_seed_brings_devices_that_are_enabled() {
    let seed = r#"
        [[accounts]]
        id = "123456789012"
        root_mfa_devices = [{ name = "safe", seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" }]
        [[accounts.users]]
        name = "carol"
        access_keys = [{ id = "AKIACAROL", secret = "secret" }]
        mfa_devices = [{ name = "phone", seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" }]
    "#;
    let seed = Seed::from_toml("seed.toml", seed).unwrap();
    let world = World::of(Daypass::builder().seed(seed)).await;
    let app = App::new("arn:aws:iam::123456789012:mfa/phone", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let carol = Credentials::from_keys("AKIACAROL", "secret", None);
    let call = world.sts(&carol).get_session_token().serial_number(&app.serial);
    call.token_code(app.code(&world)).send().await.unwrap();
    let listed = world.iam(&world.root()).list_virtual_mfa_devices().send().await.unwrap();
    let [device, of_root] = listed.virtual_mfa_devices() else { panic!("two devices") };
    assert_eq!(device.user().unwrap().user_name(), "carol");
    assert_eq!(of_root.user().unwrap().arn(), "arn:aws:iam::123456789012:root");

    let safe = App::new("arn:aws:iam::123456789012:mfa/safe", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let call = world.sts(&world.root()).get_session_token().serial_number(&safe.serial);
    call.token_code(safe.code(&world)).send().await.unwrap();
}
