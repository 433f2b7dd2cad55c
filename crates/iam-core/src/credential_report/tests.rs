use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::Fixture;

fn generate(fixture: &Fixture) -> (ReportStateType, Option<String>) {
    let generated = fixture.ok::<GenerateCredentialReport>(GenerateCredentialReportInput {});
    (generated.state.unwrap(), generated.description)
}

fn content(fixture: &Fixture) -> String {
    let report = fixture.ok::<GetCredentialReport>(GetCredentialReportInput {});
    assert_eq!(report.report_format, Some(ReportFormatType::TextCsv));
    String::from_utf8(report.content.unwrap()).unwrap()
}

#[test]
fn a_report_is_made_once_in_four_hours() {
    let fixture = Fixture::new();
    let get = || fixture.refusal::<GetCredentialReport>(GetCredentialReportInput {});
    assert_eq!(get(), "ReportNotPresent: ");
    let started = "No report exists. Starting a new report generation task".to_owned();
    assert_eq!(generate(&fixture), (ReportStateType::Started, Some(started)));
    assert_eq!(generate(&fixture), (ReportStateType::Complete, None));
    let first = content(&fixture);
    fixture.user("alice", None);
    assert_eq!(generate(&fixture), (ReportStateType::Complete, None));
    assert_eq!(content(&fixture), first, "it is as of when it was made");
    fixture.clock.advance(4 * 3600);
    assert_eq!(get(), "ReportExpired: ");
    assert_eq!(generate(&fixture), (ReportStateType::Started, None));
    assert_ne!(content(&fixture), first);
}

#[test]
fn it_has_a_line_for_root_and_for_each_user() {
    let fixture = Fixture::new();
    for user_name in ["bob", "ann_x", "annA", "a,b"] {
        let input = CreateUserInput { user_name: user_name.to_owned(), ..Default::default() };
        fixture.ok::<CreateUser>(input);
    }
    fixture.ok::<UpdateAccountPasswordPolicy>(UpdateAccountPasswordPolicyInput {
        max_password_age: Some(90),
        ..Default::default()
    });
    fixture.ok::<CreateLoginProfile>(CreateLoginProfileInput {
        user_name: Some("bob".to_owned()),
        password: Some("Password1".to_owned().into()),
        password_reset_required: None,
    });
    let input = CreateAccessKeyInput { user_name: Some("bob".to_owned()) };
    let key = fixture.ok::<CreateAccessKey>(input).access_key;
    fixture.ok::<UpdateAccessKey>(UpdateAccessKeyInput {
        user_name: Some("bob".to_owned()),
        access_key_id: key.access_key_id,
        status: StatusType::Inactive,
    });
    generate(&fixture);
    let report = content(&fixture);
    let lines: Vec<&str> = report.split('\n').collect();
    let [header, root, comma, ann, underscore, bob] = lines[..] else { panic!("{report}") };
    assert!(header.starts_with("user,arn,user_creation_time,password_enabled,"), "{header}");
    assert_eq!(header.split(',').count(), 22);
    assert_eq!(
        root,
        "<root_account>,arn:aws:iam::000000000000:root,1970-01-01T00:00:00+00:00,false,no_information,N/A,not_supported,\
         false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
    );
    assert!(comma.starts_with("\"a,b\",\"arn:aws:iam::000000000000:user/a,b\","), "{comma}");
    assert!(ann.starts_with("annA,") && underscore.starts_with("ann_x,"), "{report}");
    let none =
        "false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
    assert!(ann.ends_with(none), "{ann}");
    let now = "2023-11-14T22:13:20+00:00";
    assert_eq!(
        bob,
        format!(
            "bob,arn:aws:iam::000000000000:user/bob,{now},true,no_information,{now},2024-02-12T22:13:20+00:00,false,\
             false,{now},N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
        )
    );
}
