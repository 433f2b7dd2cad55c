//! A virtual MFA device, from its making to its end.

use aws_sdk_iam::types::{AssignmentStatusType, Tag};
use daypass_ident::Clock;
use daypass_tests::{ACCOUNT, Refused, World, refusal};

use crate::mfa::App;

#[tokio::test]
async fn a_device_is_made_enabled_set_right_tagged_and_taken_away() {
    let world = World::start().await;
    // So that codes stay the same, however long the test runs.
    world.daypass.clock().freeze_now();
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let make = iam.create_virtual_mfa_device().virtual_mfa_device_name("phone");
    let made = make.tags(tag("team", "red")).send().await.unwrap();
    let app = App::of(made.virtual_mfa_device().unwrap());
    let serial = app.serial.clone();
    assert_eq!(serial, format!("arn:aws:iam::{ACCOUNT}:mfa/phone"));
    let unassigned = iam.list_virtual_mfa_devices();
    let unassigned = unassigned.assignment_status(AssignmentStatusType::Unassigned);
    let unassigned = unassigned.send().await.unwrap();
    assert_eq!(unassigned.virtual_mfa_devices()[0].serial_number(), serial);

    let [one, two] = app.next_codes(&world);
    let enabled_at = world.daypass.clock().now().secs();
    let enable = iam.enable_mfa_device().user_name("alice").serial_number(&serial);
    enable.authentication_code1(one).authentication_code2(two).send().await.unwrap();
    let got = iam.get_mfa_device().user_name("alice").serial_number(&serial).send().await.unwrap();
    assert_eq!((got.user_name(), got.serial_number()), (Some("alice"), &*serial));
    assert_eq!(got.enable_date().unwrap().secs(), enabled_at);
    let listed = world.iam(&world.root()).list_mfa_devices().user_name("alice").send().await;
    let listed = listed.unwrap();
    let [device] = listed.mfa_devices() else { panic!("{listed:?}") };
    assert_eq!((device.user_name(), device.serial_number()), ("alice", &*serial));

    // The app goes on by its own clock, which the service's leaves behind.
    let session = |code: String| {
        let call = world.sts(&alice).get_session_token().serial_number(&serial);
        call.token_code(code).send()
    };
    let [one, two, three] = app.codes_ahead(&world, 300);
    let message = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    let refused = session(one.clone()).await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
    let resync = |one: &str, two: &str| {
        let call = iam.resync_mfa_device().user_name("alice").serial_number(&serial);
        call.authentication_code1(one).authentication_code2(two).send()
    };
    let message = "Authentication code for device is not valid";
    let wrong = refusal(403, "InvalidAuthenticationCode", message);
    assert_eq!(resync(&two, &one).await.refused(), wrong);
    resync(&one, &two).await.unwrap();
    assert_eq!(resync(&one, &two).await.refused(), wrong, "both are spent");
    session(three).await.unwrap();

    iam.tag_mfa_device().serial_number(&serial).tags(tag("stage", "test")).send().await.unwrap();
    iam.untag_mfa_device().serial_number(&serial).tag_keys("team").send().await.unwrap();
    let tags = iam.list_mfa_device_tags().serial_number(&serial).send().await.unwrap();
    assert_eq!(tags.tags(), [tag("stage", "test")]);

    let delete = || iam.delete_virtual_mfa_device().serial_number(&serial).send();
    assert_eq!(delete().await.refused().code, "DeleteConflict");
    let deactivate = iam.deactivate_mfa_device().user_name("alice").serial_number(&serial);
    deactivate.send().await.unwrap();
    delete().await.unwrap();
    assert_eq!(delete().await.refused().code, "NoSuchEntity");
    let left = iam.list_virtual_mfa_devices().send().await.unwrap();
    assert!(left.virtual_mfa_devices().is_empty());
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}
