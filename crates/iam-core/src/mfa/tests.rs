use aws_smithy_types::DateTime;
use daypass_ident::Clock as _;
use daypass_model::iam::{
    AssignmentStatusType, CreateAccountAliasInput, CreateVirtualMfaDeviceInput,
    CreateVirtualMfaDeviceOutput, DeactivateMfaDeviceInput, DeleteUserInput,
    DeleteVirtualMfaDeviceInput, EnableMfaDeviceInput, GetAccountSummaryInput, GetMfaDeviceInput,
    ListMfaDeviceTagsInput, ListMfaDevicesInput, ListVirtualMfaDevicesInput, ResyncMfaDeviceInput,
    Tag, TagMfaDeviceInput, UntagMfaDeviceInput,
};
use daypass_totp::{Seed, step_at};

use crate::generated::{
    CreateAccountAlias, CreateVirtualMfaDevice, DeactivateMfaDevice, DeleteUser,
    DeleteVirtualMfaDevice, EnableMfaDevice, GetAccountSummary, GetMfaDevice, ListMfaDeviceTags,
    ListMfaDevices, ListVirtualMfaDevices, ResyncMfaDevice, TagMfaDevice, UntagMfaDevice,
};
use crate::testing::{ACCOUNT, Fixture, NOW};

const WRONG: &str = "InvalidAuthenticationCode: Authentication code for device is not valid";
const PHONE: &str = "arn:aws:iam::000000000000:mfa/phone";

/// A device in somebody's hand.
struct Device {
    serial: String,
    seed: Seed,
}

impl Device {
    fn new(fixture: &Fixture, name: &str) -> Self {
        Self::of(&fixture.ok::<CreateVirtualMfaDevice>(named(name)))
    }

    fn of(output: &CreateVirtualMfaDeviceOutput) -> Self {
        let device = &output.virtual_mfa_device;
        let seed = device.base32_string_seed.as_ref().unwrap();
        let seed = Seed::from_base32(std::str::from_utf8(seed.expose()).unwrap()).unwrap();
        Self { serial: device.serial_number.clone(), seed }
    }

    /// The code that it shows so many steps from now.
    fn code(&self, fixture: &Fixture, ahead: i64) -> String {
        self.seed.code_at(step_at(fixture.clock.now().secs()) + ahead).to_string()
    }

    fn enable(&self, fixture: &Fixture, user: &str, ahead: [i64; 2]) -> EnableMfaDeviceInput {
        let [one, two] = ahead.map(|ahead| self.code(fixture, ahead));
        EnableMfaDeviceInput {
            user_name: user.to_owned(),
            serial_number: self.serial.clone(),
            authentication_code1: one,
            authentication_code2: two,
        }
    }

    fn resync(&self, fixture: &Fixture, user: &str, ahead: [i64; 2]) -> ResyncMfaDeviceInput {
        let EnableMfaDeviceInput {
            user_name,
            serial_number,
            authentication_code1,
            authentication_code2,
        } = self.enable(fixture, user, ahead);
        ResyncMfaDeviceInput {
            user_name,
            serial_number,
            authentication_code1,
            authentication_code2,
        }
    }

    fn deactivate(&self, user: &str) -> DeactivateMfaDeviceInput {
        DeactivateMfaDeviceInput {
            user_name: Some(user.to_owned()),
            serial_number: self.serial.clone(),
        }
    }

    fn delete(&self) -> DeleteVirtualMfaDeviceInput {
        DeleteVirtualMfaDeviceInput { serial_number: self.serial.clone() }
    }
}

fn named(name: &str) -> CreateVirtualMfaDeviceInput {
    CreateVirtualMfaDeviceInput {
        virtual_mfa_device_name: name.to_owned(),
        ..CreateVirtualMfaDeviceInput::default()
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

#[test]
fn a_new_device_shows_its_seed_once_and_in_a_picture() {
    let fixture = Fixture::new();
    let input = CreateVirtualMfaDeviceInput {
        path: Some("/team/".to_owned()),
        tags: Some(vec![tag("a", "1")]),
        ..named("phone")
    };
    let output = fixture.ok::<CreateVirtualMfaDevice>(input.clone());
    let device = output.virtual_mfa_device;
    assert_eq!(device.serial_number, "arn:aws:iam::000000000000:mfa/team/phone");
    assert_eq!(device.base32_string_seed.unwrap().expose().len(), 64);
    assert!(device.qr_code_png.unwrap().expose().starts_with(b"\x89PNG\r\n"));
    assert_eq!(device.tags, Some(vec![tag("a", "1")]));
    assert!(device.user.is_none() && device.enable_date.is_none());

    let again = "EntityAlreadyExists: MFA device already exists.";
    assert_eq!(fixture.refusal::<CreateVirtualMfaDevice>(input), again);
    // At another path it is another device.
    Device::new(&fixture, "phone");
    let listed = fixture.ok::<ListVirtualMfaDevices>(ListVirtualMfaDevicesInput::default());
    let [one, other] = &*listed.virtual_mfa_devices else { panic!("two devices") };
    assert_eq!([&*one.serial_number, &*other.serial_number], [PHONE, &*device.serial_number]);
    assert_eq!((&one.base32_string_seed, &one.qr_code_png), (&None, &None));
}

#[test]
fn a_name_too_long_for_a_serial_number_is_refused() {
    let fixture = Fixture::new();
    let fits = "n".repeat(256 - "arn:aws:iam::000000000000:mfa/".len());
    Device::new(&fixture, &fits);
    let refusal = fixture.refusal::<CreateVirtualMfaDevice>(named(&format!("{fits}n")));
    assert!(refusal.starts_with("ValidationError: 1 validation error"), "{refusal}");
}

#[test]
fn two_codes_in_a_row_enable_a_device() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    let other = Device::new(&fixture, "other");
    let cases = [
        phone.enable(&fixture, "alice", [0, -1]),
        phone.enable(&fixture, "alice", [0, 0]),
        phone.enable(&fixture, "alice", [-2, 0]),
        phone.enable(&fixture, "alice", [-30, -29]),
        phone.enable(&fixture, "alice", [29, 30]),
        EnableMfaDeviceInput {
            serial_number: PHONE.to_owned(),
            ..other.enable(&fixture, "alice", [-1, 0])
        },
        EnableMfaDeviceInput {
            authentication_code1: "٠٠٠".to_owned(),
            ..phone.enable(&fixture, "alice", [-1, 0])
        },
    ];
    for input in cases {
        assert_eq!(fixture.refusal::<EnableMfaDevice>(input.clone()), WRONG, "{input:?}");
    }
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
    let in_use = "EntityAlreadyExists: MFA Device is already in use.";
    let again = phone.enable(&fixture, "alice", [1, 2]);
    assert_eq!(fixture.refusal::<EnableMfaDevice>(again), in_use);

    let get =
        GetMfaDeviceInput { serial_number: PHONE.to_owned(), user_name: Some("alice".to_owned()) };
    let shown = fixture.ok::<GetMfaDevice>(get);
    assert_eq!(shown.user_name.as_deref(), Some("alice"));
    assert_eq!(shown.enable_date, Some(DateTime::from_secs(NOW)));
    let of_alice =
        ListMfaDevicesInput { user_name: Some("alice".to_owned()), ..Default::default() };
    let listed = fixture.ok::<ListMfaDevices>(of_alice);
    let [device] = &*listed.mfa_devices else { panic!("one device") };
    assert_eq!((&*device.user_name, &*device.serial_number), ("alice", PHONE));
}

#[test]
fn who_or_what_is_not_there_is_named() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    let nobody = phone.enable(&fixture, "nobody", [-1, 0]);
    assert_eq!(
        fixture.refusal::<EnableMfaDevice>(nobody),
        "NoSuchEntity: The user with name nobody cannot be found."
    );
    let absent = "NoSuchEntity: MFA Device with serial number GAHT12345678 does not exist.";
    let hardware = Device { serial: "GAHT12345678".to_owned(), seed: phone.seed.clone() };
    assert_eq!(
        fixture.refusal::<EnableMfaDevice>(hardware.enable(&fixture, "alice", [0, 1])),
        absent
    );
    assert_eq!(fixture.refusal::<DeleteVirtualMfaDevice>(hardware.delete()), absent);
    assert_eq!(fixture.refusal::<DeactivateMfaDevice>(hardware.deactivate("alice")), absent);
    let tags = TagMfaDeviceInput { serial_number: hardware.serial.clone(), tags: Vec::new() };
    assert_eq!(fixture.refusal::<TagMfaDevice>(tags), absent);

    let not_hers = "NoSuchEntity: MFA Device invalid for user.";
    assert_eq!(fixture.refusal::<DeactivateMfaDevice>(phone.deactivate("alice")), not_hers);
    let resync = phone.resync(&fixture, "alice", [-1, 0]);
    assert_eq!(fixture.refusal::<ResyncMfaDevice>(resync), not_hers);
    // The case of the name and the account count.
    for (serial, expected) in [
        ("arn:aws:iam::000000000000:mfa/PHONE", "NoSuchEntity: MFA Device with"),
        ("arn:aws:iam::111111111111:mfa/phone", "AccessDenied: "),
    ] {
        let input = DeleteVirtualMfaDeviceInput { serial_number: serial.to_owned() };
        let refusal = fixture.refusal::<DeleteVirtualMfaDevice>(input);
        assert!(refusal.starts_with(expected), "{refusal}");
    }
}

#[test]
fn codes_that_enabled_or_synchronized_are_spent() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
    for ahead in [[-1, 0], [0, 1]] {
        let resync = phone.resync(&fixture, "alice", ahead);
        assert_eq!(fixture.refusal::<ResyncMfaDevice>(resync), WRONG, "{ahead:?}");
    }
    fixture.ok::<ResyncMfaDevice>(phone.resync(&fixture, "alice", [1, 2]));
    // Also for whoever enables it anew.
    fixture.ok::<DeactivateMfaDevice>(phone.deactivate("alice"));
    let again = phone.enable(&fixture, "alice", [1, 2]);
    assert_eq!(fixture.refusal::<EnableMfaDevice>(again), WRONG);
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [3, 4]));
}

#[test]
fn a_resync_follows_a_clock_that_is_off() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
    let good = |ahead: i64| {
        let view = fixture.view();
        let device = view.account(ACCOUNT).mfa_device(PHONE).unwrap();
        let code = phone.code(&fixture, ahead).parse().unwrap();
        device.verify(code, fixture.clock.now().secs()).is_some()
    };
    assert!(good(1) && !good(7));
    fixture.ok::<ResyncMfaDevice>(phone.resync(&fixture, "alice", [5, 6]));
    assert!(!good(1) && !good(6) && good(7) && !good(8));
    fixture.clock.advance(60);
    assert!(good(7) && !good(0));
    fixture.ok::<ResyncMfaDevice>(phone.resync(&fixture, "alice", [6, 7]));
}

#[test]
fn an_owner_has_eight_devices_at_most() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    for number in 0..8 {
        let device = Device::new(&fixture, &format!("d{number}"));
        fixture.ok::<EnableMfaDevice>(device.enable(&fixture, "alice", [-1, 0]));
    }
    let ninth = Device::new(&fixture, "d8");
    assert_eq!(
        fixture.refusal::<EnableMfaDevice>(ninth.enable(&fixture, "alice", [-1, 0])),
        "LimitExceeded: Cannot exceed quota for MFADevicesPerUser: 8"
    );
    fixture.user("bob", None);
    fixture.ok::<EnableMfaDevice>(ninth.enable(&fixture, "bob", [-1, 0]));
}

#[test]
fn what_is_in_use_cannot_be_deleted() {
    let fixture = Fixture::new();
    let alice = fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
    assert_eq!(
        fixture.refusal::<DeleteVirtualMfaDevice>(phone.delete()),
        "DeleteConflict: MFA VirtualDevice in use. Must deactivate first."
    );
    fixture.write(|account, tx| {
        let key = account.all_access_keys().next().unwrap();
        assert_eq!(key.record.id.as_str(), alice.access_key_id());
        tx.delete_access_key(key);
    });
    let delete_user = || DeleteUserInput { user_name: "alice".to_owned() };
    assert_eq!(
        fixture.refusal::<DeleteUser>(delete_user()),
        "DeleteConflict: Cannot delete entity, must delete MFA device first."
    );
    fixture.ok::<DeactivateMfaDevice>(phone.deactivate("alice"));
    fixture.ok::<DeleteUser>(delete_user());
    fixture.ok::<DeleteVirtualMfaDevice>(phone.delete());
    // A device made later under the same name has no memory.
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
}

#[test]
fn root_has_devices_under_the_name_of_the_account() {
    let fixture = Fixture::new();
    let phone = Device::new(&fixture, "root-account-mfa-device");
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "000000000000", [-1, 0]));
    let listed = fixture.ok::<ListMfaDevices>(ListMfaDevicesInput::default());
    assert_eq!(listed.mfa_devices[0].user_name, "000000000000");
    let listed = fixture.ok::<ListVirtualMfaDevices>(ListVirtualMfaDevicesInput::default());
    let user = listed.virtual_mfa_devices[0].user.as_ref().unwrap();
    assert_eq!((&*user.arn, &*user.user_id), ("arn:aws:iam::000000000000:root", "000000000000"));

    let alias = CreateAccountAliasInput { account_alias: "corp".to_owned() };
    fixture.ok::<CreateAccountAlias>(alias);
    fixture.ok::<ResyncMfaDevice>(phone.resync(&fixture, "corp", [1, 2]));
    // Nobody else is root, whatever they say.
    let admin = fixture.user_allowed("admin", "*", "*");
    let resync = phone.resync(&fixture, "corp", [3, 4]);
    assert_eq!(
        fixture.refusal_to::<ResyncMfaDevice>(&admin, resync),
        "NoSuchEntity: The user with name corp cannot be found."
    );
    // Root may leave its name out only when it is assumed.
    let unnamed = DeactivateMfaDeviceInput { user_name: None, serial_number: phone.serial.clone() };
    assert_eq!(
        fixture.refusal::<DeactivateMfaDevice>(unnamed.clone()),
        "ValidationError: Must specify userName when calling with non-User credentials"
    );
    let root = fixture.session(fixture.root().principal().clone());
    assert_eq!(
        fixture.refusal_to::<DeactivateMfaDevice>(&root, unnamed.clone()),
        "ValidationError: Must specify userName when calling with non-User credentials"
    );
    let assumed = fixture.assumed_root();
    fixture.call::<DeactivateMfaDevice>(&assumed, unnamed).unwrap();
}

#[test]
fn owners_prove_with_a_device_that_they_are_themselves_before_their_devices_change() {
    let fixture = Fixture::new();
    let alice = fixture.user_allowed("alice", "*", "*");
    let in_session = fixture.session(alice.principal().clone());
    let [phone, key, spare] = ["phone", "key", "spare"].map(|name| Device::new(&fixture, name));
    let first = phone.enable(&fixture, "alice", [-1, 0]);
    fixture.call::<EnableMfaDevice>(&alice, first).unwrap();

    let needed = "AccessDenied: To complete this action, please ensure that you are authenticated \
                  with an MFA device that is enabled for this user.";
    let second = || key.enable(&fixture, "alice", [-1, 0]);
    assert_eq!(fixture.refusal_to::<EnableMfaDevice>(&alice, second()), needed);
    let own = phone.deactivate("alice");
    assert_eq!(fixture.refusal_to::<DeactivateMfaDevice>(&alice, own.clone()), needed);
    let unnamed = DeactivateMfaDeviceInput { user_name: None, ..own.clone() };
    assert_eq!(fixture.refusal_to::<DeactivateMfaDevice>(&alice, unnamed.clone()), needed);
    let resync = phone.resync(&fixture, "alice", [1, 2]);
    fixture.call::<ResyncMfaDevice>(&alice, resync).unwrap();
    fixture.call::<EnableMfaDevice>(&in_session, second()).unwrap();
    fixture.call::<DeactivateMfaDevice>(&in_session, unnamed).unwrap();
    // Who may change others' devices may do so without.
    fixture.ok::<DeactivateMfaDevice>(key.deactivate("alice"));

    let of_root = spare.enable(&fixture, "000000000000", [-1, 0]);
    fixture.ok::<EnableMfaDevice>(of_root);
    let of_root = key.enable(&fixture, "000000000000", [1, 2]);
    assert_eq!(fixture.refusal::<EnableMfaDevice>(of_root.clone()), needed);
    let root = fixture.session(fixture.root().principal().clone());
    fixture.call::<EnableMfaDevice>(&root, of_root).unwrap();
}

#[test]
fn lists_show_devices_by_whether_they_are_assigned() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    for name in ["a", "b", "c"] {
        let device = Device::new(&fixture, name);
        if name != "b" {
            fixture.ok::<EnableMfaDevice>(device.enable(&fixture, "alice", [-1, 0]));
        }
    }
    let names = |status: Option<AssignmentStatusType>| {
        let mut names = Vec::new();
        let mut marker = None;
        loop {
            let page = fixture.ok::<ListVirtualMfaDevices>(ListVirtualMfaDevicesInput {
                assignment_status: status,
                marker: marker.take(),
                max_items: Some(1),
            });
            assert!(page.virtual_mfa_devices.len() <= 1);
            names.extend(page.virtual_mfa_devices.into_iter().map(|device| device.serial_number));
            marker = page.marker;
            if marker.is_none() {
                return names.iter().filter_map(|arn| arn.rsplit('/').next()).collect::<String>();
            }
        }
    };
    assert_eq!(names(None), "abc");
    assert_eq!(names(Some(AssignmentStatusType::Any)), "abc");
    assert_eq!(names(Some(AssignmentStatusType::Assigned)), "ac");
    assert_eq!(names(Some(AssignmentStatusType::Unassigned)), "b");

    let summary = fixture.ok::<GetAccountSummary>(GetAccountSummaryInput {}).summary_map.unwrap();
    let counts = ["MFADevices", "MFADevicesInUse", "AccountMFAEnabled"].map(|key| summary[key]);
    assert_eq!(counts, [3, 2, 0]);
}

#[test]
fn tags_tell_case_apart_and_decide_who_may() {
    let fixture = Fixture::new();
    let phone = Device::new(&fixture, "phone");
    let serial_number = || phone.serial.clone();
    let tags = vec![tag("Team", "red"), tag("team", "blue")];
    fixture.ok::<TagMfaDevice>(TagMfaDeviceInput { serial_number: serial_number(), tags });
    let list = || ListMfaDeviceTagsInput { serial_number: serial_number(), ..Default::default() };
    let listed = fixture.ok::<ListMfaDeviceTags>(list());
    assert_eq!(listed.tags, [tag("Team", "red"), tag("team", "blue")]);

    let when_red = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListMFADeviceTags",
        "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "red"}}}}"#;
    let bob = fixture.user("bob", Some(when_red));
    assert_eq!(fixture.denial::<ListMfaDeviceTags>(&bob, list()), "");
    let tag_keys = vec!["Team".to_owned()];
    fixture.ok::<UntagMfaDevice>(UntagMfaDeviceInput { serial_number: serial_number(), tag_keys });
    assert_eq!(fixture.ok::<ListMfaDeviceTags>(list()).tags, [tag("team", "blue")]);
}

/// AWS's guides let users manage their own device so.
#[test]
fn users_may_be_let_manage_their_own_device() {
    let fixture = Fixture::new();
    let own = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
        {"Effect": "Allow", "Action": ["iam:EnableMFADevice", "iam:GetMFADevice"],
         "Resource": "arn:aws:iam::*:user/${aws:username}"}]}"#;
    let alice = fixture.user("alice", Some(own));
    fixture.user("bob", None);
    let phone =
        Device::of(&fixture.call::<CreateVirtualMfaDevice>(&alice, named("phone")).unwrap());
    let for_bob = phone.enable(&fixture, "bob", [-1, 0]);
    let denial = fixture.denial::<EnableMfaDevice>(&alice, for_bob);
    assert!(denial.contains("iam:EnableMFADevice on resource: user bob"), "{denial}");
    let for_alice = phone.enable(&fixture, "alice", [-1, 0]);
    fixture.call::<EnableMfaDevice>(&alice, for_alice).unwrap();
    let get = GetMfaDeviceInput { serial_number: phone.serial.clone(), user_name: None };
    assert_eq!(
        fixture.call::<GetMfaDevice>(&alice, get).unwrap().user_name.as_deref(),
        Some("alice")
    );
}

#[test]
fn f3_mfa_devices_that_are_missing_made_twice_or_in_use_have_texts_of_their_own() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let phone = Device::new(&fixture, "phone");
    let missing = Device { serial: PHONE.replace("phone", "none"), seed: phone.seed.clone() };
    let absent = "NoSuchEntity: MFA Device with serial number arn:aws:iam::000000000000:mfa/none \
                  does not exist.";
    assert_eq!(fixture.refusal::<DeleteVirtualMfaDevice>(missing.delete()), absent);
    assert_eq!(fixture.refusal::<DeactivateMfaDevice>(missing.deactivate("alice")), absent);
    assert_eq!(
        fixture.refusal::<CreateVirtualMfaDevice>(named("phone")),
        "EntityAlreadyExists: MFA device already exists."
    );
    fixture.ok::<EnableMfaDevice>(phone.enable(&fixture, "alice", [-1, 0]));
    assert_eq!(
        fixture.refusal::<EnableMfaDevice>(phone.enable(&fixture, "alice", [1, 2])),
        "EntityAlreadyExists: MFA Device is already in use."
    );
}
