use proptest::prelude::*;

use super::*;

/// As AWS's CLI prints it; everything that there is.
const CLI: &str = r#"{
    "UserDetailList": [
        {
            "Path": "/staff/",
            "UserName": "alice",
            "UserId": "AIDACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:user/staff/alice",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "UserPolicyList": [
                {
                    "PolicyName": "own",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" }
                    }
                }
            ],
            "GroupList": ["Admins"],
            "AttachedManagedPolicies": [
                {
                    "PolicyName": "ReadOnlyAccess",
                    "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"
                }
            ],
            "PermissionsBoundary": {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/ops/deploy"
            },
            "Tags": [{ "Key": "team", "Value": "red" }]
        }
    ],
    "GroupDetailList": [
        {
            "Path": "/",
            "GroupName": "Admins",
            "GroupId": "AGPACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:group/Admins",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "GroupPolicyList": [],
            "AttachedManagedPolicies": [
                { "PolicyName": "deploy", "PolicyArn": "arn:aws:iam::111122223333:policy/ops/deploy" }
            ]
        }
    ],
    "RoleDetailList": [
        {
            "Path": "/aws-service-role/ecs.amazonaws.com/",
            "RoleName": "AWSServiceRoleForECS",
            "RoleId": "AROACKCEVSQ6C3EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ecs.amazonaws.com" }, "Action": "sts:AssumeRole" }]
            },
            "InstanceProfileList": [],
            "RolePolicyList": [],
            "AttachedManagedPolicies": [
                {
                    "PolicyName": "AmazonECSServiceRolePolicy",
                    "PolicyArn": "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy"
                }
            ],
            "Tags": [],
            "RoleLastUsed": {}
        },
        {
            "Path": "/",
            "RoleName": "web",
            "RoleId": "AROACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:role/web",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {
                            "AWS": [
                                "arn:aws:iam::111122223333:user/staff/alice",
                                "arn:aws:iam::999999999999:role/elsewhere",
                                "AROAGONEGONEGONEGONE1"
                            ]
                        },
                        "Action": "sts:AssumeRole"
                    }
                ]
            },
            "InstanceProfileList": [
                {
                    "Path": "/",
                    "InstanceProfileName": "web",
                    "InstanceProfileId": "AIPACKCEVSQ6C2EXAMPLE",
                    "Arn": "arn:aws:iam::111122223333:instance-profile/web",
                    "CreateDate": "2019-11-14T17:30:00+00:00",
                    "Roles": [{ "RoleName": "web" }]
                }
            ],
            "RolePolicyList": [],
            "AttachedManagedPolicies": [],
            "Tags": [],
            "RoleLastUsed": { "LastUsedDate": "2020-01-01T00:00:00+00:00", "Region": "us-east-1" }
        }
    ],
    "Policies": [
        {
            "PolicyName": "deploy",
            "PolicyId": "ANPACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:policy/ops/deploy",
            "Path": "/ops/",
            "DefaultVersionId": "v3",
            "AttachmentCount": 1,
            "PermissionsBoundaryUsageCount": 1,
            "IsAttachable": true,
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "UpdateDate": "2020-11-13T17:30:00+00:00",
            "PolicyVersionList": [
                {
                    "Document": { "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "Resource": "*" } },
                    "VersionId": "v4",
                    "IsDefaultVersion": false,
                    "CreateDate": "2020-11-13T17:30:00+00:00"
                },
                {
                    "Document": { "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } },
                    "VersionId": "v3",
                    "IsDefaultVersion": true,
                    "CreateDate": "2020-10-13T17:30:00+00:00"
                }
            ]
        },
        {
            "PolicyName": "ReadOnlyAccess",
            "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "PolicyVersionList": [{ "VersionId": "v155" }]
        }
    ]
}
"#;

fn import(text: &str) -> Result<Import, ImportError> {
    import_without(text, &[])
}

fn import_without(text: &str, left_out: &[String]) -> Result<Import, ImportError> {
    let sources = Sources::of_text("a.json", text)?;
    let mut draft = Draft::default();
    details::read(&sources, left_out, &mut draft);
    Import::of(sources, draft)
}

/// A policy of AWS that the catalogue does not have would keep all of the account out.
#[tokio::test]
async fn what_is_left_out_is_neither_made_nor_attached() {
    let text = CLI
        .replace("policy/ReadOnlyAccess\"\n                }", "policy/New\"\n                }");
    let told = import(&text).unwrap().check().await.unwrap_err().to_string();
    assert!(told.contains("arn:aws:iam::aws:policy/New does not exist"), "{told}");
    let left_out = ["arn:aws:iam::aws:policy/New", "arn:aws:iam::111122223333:role/web"];
    let import = import_without(&text, &left_out.map(str::to_owned)).unwrap();
    import.check().await.unwrap();
    let notes = import.notes();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert_eq!(notes[0], "a.json:22:34: arn:aws:iam::aws:policy/New is left out");
    assert!(!import.to_seed().contains("\"web\""));
}

#[tokio::test]
async fn everything_is_there_as_aws_holds_it() {
    let import = import(CLI).unwrap();
    assert_eq!(
        import.contents(),
        "1 account, 1 user, 1 group, 2 roles, 1 instance profile, 1 policy"
    );
    let deployment = deploy(&import).await.unwrap();
    let view = deployment.env.state.view();
    let account = view.account("111122223333".parse().unwrap());
    let created = 1_573_666_200;

    let alice = account.user("alice").unwrap();
    assert_eq!(alice.arn().as_str(), "arn:aws:iam::111122223333:user/staff/alice");
    assert_eq!(alice.record.id.as_str(), "AIDACKCEVSQ6C2EXAMPLE");
    assert_eq!(alice.record.create_date, created);
    assert_eq!(alice.record.tags.get_ignore_case("team"), Some("red"));
    let boundary = alice.record.permissions_boundary.as_ref().map(AsRef::as_ref);
    assert_eq!(boundary, Some("arn:aws:iam::111122223333:policy/ops/deploy"));
    let admins = account.group("Admins").unwrap();
    assert_eq!(admins.record.id.as_str(), "AGPACKCEVSQ6C2EXAMPLE");
    assert_eq!(alice.record.groups, [admins.record.id]);
    let own = alice.record.policies.inline.get("own").unwrap();
    assert!(own.starts_with(r#"{"Version":"2012-10-17","Statement":{"Effect""#), "{own}");

    let ecs = account.role("AWSServiceRoleForECS").unwrap();
    assert_eq!(ecs.record.path, "/aws-service-role/ecs.amazonaws.com/");
    assert_eq!(ecs.record.policies.attached.len(), 1);
    assert!(ecs.record.assume_role_policy_document.contains("ecs.amazonaws.com"));
    let web = account.role("web").unwrap();
    let trust = &web.record.assume_role_policy_document;
    for principal in [
        "AIDACKCEVSQ6C2EXAMPLE",
        "arn:aws:iam::999999999999:role/elsewhere",
        "AROAGONEGONEGONEGONE1",
    ] {
        assert!(trust.contains(principal), "{trust}");
    }
    let profile = account.instance_profile("web").unwrap();
    assert_eq!(profile.record.id.as_str(), "AIPACKCEVSQ6C2EXAMPLE");
    assert_eq!(profile.record.role, Some(web.record.id));

    let deploy = &account.policy("deploy").unwrap().record;
    assert_eq!(deploy.id.as_str(), "ANPACKCEVSQ6C2EXAMPLE");
    assert_eq!((deploy.default_version, deploy.next_version), (3, 5));
    assert_eq!(deploy.versions.keys().copied().collect::<Vec<_>>(), [3, 4]);
    assert_eq!((deploy.create_date, deploy.update_date), (created, 1_605_288_600));
}

/// What comes out goes in, and comes out the same.
#[tokio::test]
async fn a_round_trip_changes_nothing() {
    let first = export(&deploy(&import(CLI).unwrap()).await.unwrap());
    let second = export(&deploy(&import(&first).unwrap()).await.unwrap());
    assert_eq!(first, second);
    let both: [serde_json::Value; 2] =
        [&first, CLI].map(|text| serde_json::from_str(text).unwrap());
    for list in ["UserDetailList", "GroupDetailList"] {
        assert_eq!(both[0][list], both[1][list]);
    }
    // Ours says when the trusted gone are gone, and knows nothing of use before.
    assert_eq!(both[0]["Policies"][0], both[1]["Policies"][0]);
    let trust =
        |of: &serde_json::Value| of["RoleDetailList"][1]["AssumeRolePolicyDocument"].clone();
    assert_eq!(trust(&both[0]), trust(&both[1]));
}

#[test]
fn the_forms_of_tools_are_read() {
    let user = r#"{"UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a"}"#;
    let role = |more: &str| {
        format!(
            r#"{{"RoleName": "r", "Arn": "arn:aws:iam::111122223333:role/r",
            "AssumeRolePolicyDocument": {{"Statement": []}}, {more} "Tags": null}}"#
        )
    };
    let users = |users: &str| format!(r#"{{"UserDetailList": [{users}]}}"#);
    let one = r#""name":"a","path":"/""#;
    let cases = [
        (users(user), one),
        (format!("[{}]", users(user)), one),
        (format!("{} {{\"Policies\": [], \"Marker\": \"x\"}}", users(user)), one),
        (
            format!(
                r#"{{"GetAccountAuthorizationDetailsResponse":
                {{"GetAccountAuthorizationDetailsResult": {}}}}}"#,
                users(user)
            ),
            one,
        ),
        // One element without its list, as in a sample of AWS's CLI.
        (
            format!(
                r#"{{"RoleDetailList": [{}]}}"#,
                role(r#""AttachedManagedPolicies": {"PolicyArn": "arn:aws:iam::aws:policy/X"},"#)
            ),
            r#""attached_policies":["arn:aws:iam::aws:policy/X"]"#,
        ),
        // Policies among roles.
        (
            format!(
                r#"{{"RoleDetailList": [{}, {{"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p",
                "PolicyVersionList": [{{"VersionId": "v2", "IsDefaultVersion": true,
                "Document": "%7B%22Statement%22%3A%5B%5D%7D"}}]}}]}}"#,
                role("")
            ),
            r#""versions":{"v2":{"document":"{\"Statement\":[]}"}},"default_version":"v2""#,
        ),
        // Ids that are names, or the same everywhere.
        (
            users(
                r#"{"UserId": "alice", "UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a"}"#,
            ),
            one,
        ),
        (
            users(
                r#"{"UserId": "AIDACKCEVSQ6C2EXAMPLE", "UserName": "a", "Arn": "arn:aws:iam::111122223333:user/a"},
                {"UserId": "AIDACKCEVSQ6C2EXAMPLE", "UserName": "b", "Arn": "arn:aws:iam::111122223333:user/b"}"#,
            ),
            one,
        ),
        (
            users(
                r#"{"PermissionsBoundary": {"PermissionsBoundaryType": "PermissionsBoundaryPolicy",
                "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/X"}, "Tags": null,
                "Arn": "arn:aws:iam::111122223333:user/x/a"}"#,
            ),
            r#""name":"a","path":"/x/","permissions_boundary":"arn:aws:iam::aws:policy/X""#,
        ),
    ];
    for (text, expected) in cases {
        let seed =
            import(&text).unwrap_or_else(|error| panic!("{text}: {error}")).to_compact_seed();
        assert!(seed.contains(expected), "{text}\n{seed}");
        assert!(!seed.contains("EXAMPLE"), "{seed}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    let user = |members: &str| format!("{{\"UserDetailList\": [\n {{{members}}}]}}");
    let cases = [
        ("".to_owned(), "a.json: there is nothing in it"),
        ("{".to_owned(), "a.json:1:1: EOF while parsing an object"),
        (
            "{} []\n {}".to_owned(),
            "a.json:1:1: these are no authorization details: UserDetailList, GroupDetailList, RoleDetailList and Policies are missing\na.json:2:2: these are no authorization details: UserDetailList, GroupDetailList, RoleDetailList and Policies are missing",
        ),
        (user(r#""UserName": "a""#), "a.json:2:2: the Arn is missing, which tells the account"),
        (
            user(r#""Arn": "arn:aws:iam::1:user/a""#),
            "a.json:2:10: \"arn:aws:iam::1:user/a\" is no ARN of the form arn:aws:iam::ACCOUNT:user/…",
        ),
        (
            user(r#""Arn": "arn:aws:iam::111122223333:role/a""#),
            "a.json:2:10: \"arn:aws:iam::111122223333:role/a\" is no ARN of the form arn:aws:iam::ACCOUNT:user/…",
        ),
        (
            user(r#""Arn": "arn:aws:iam::111122223333:user/a", "CreateDate": "x""#),
            "a.json:2:60: it is no time such as 2019-11-13T17:30:00Z",
        ),
        (
            user(
                r#""Arn": "arn:aws:iam::111122223333:user/a"}, {"Arn": "arn:aws:iam::111122223333:user/a""#,
            ),
            "a.json:2:47: arn:aws:iam::111122223333:user/a is there twice",
        ),
        (
            user(
                r#""Arn": "arn:aws:iam::111122223333:user/a", "UserPolicyList": [{"PolicyName": "x"}]"#,
            ),
            "a.json:2:65: the PolicyName or the PolicyDocument is missing",
        ),
        (
            user(
                r#""Arn": "arn:aws:iam::111122223333:user/a", "UserPolicyList": [{"PolicyName": "x", "PolicyDocument": 7}]"#,
            ),
            "a.json:2:103: it is no policy document: an object, or its text",
        ),
        ("{\"UserDetailList\": 3}".to_owned(), "a.json:1:20: an object is expected here"),
    ];
    for (text, expected) in cases {
        assert_eq!(import(&text).unwrap_err().to_string(), expected, "{text}");
    }
}

/// What IAM refuses is told of the file, not of the seed that is made of it.
#[tokio::test]
async fn what_iam_refuses_is_told_of_the_file() {
    let text = CLI
        .replace(
            "policy/ReadOnlyAccess\"\n                }",
            "policy/NoSuchPolicy\"\n                }",
        )
        .replace("\"team\", \"Value\"", "\"aws:team\", \"Value\"")
        .replace("[\"Admins\"]", "[\"Admins\", \"Nobodies\"]")
        .replace("\"Effect\": \"Deny\", ", "");
    let told = import(&text).unwrap().check().await.unwrap_err().to_string();
    let expected = [
        ("\"aws:team\"", "aws:"),
        ("\"Nobodies\"", "NoSuchEntity: The group with name Nobodies cannot be found."),
        (
            "\"arn:aws:iam::aws:policy/NoSuchPolicy\"",
            "NoSuchEntity: Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.",
        ),
        ("\"Statement\": { \"Action\"", "MalformedPolicyDocument: "),
    ];
    for (found, message) in expected {
        let at = Position::of(&text, text.find(found).unwrap());
        let line = format!("a.json:{}:", at.line);
        assert!(
            told.lines().any(|told| told.starts_with(&line) && told.contains(message)),
            "{line} {message}\n{told}"
        );
    }
    assert_eq!(told.lines().count(), expected.len(), "{told}");
}

proptest! {
    /// Whatever is left out of the details, or stands in the place of something in them, they are read or
    /// refused.
    #[test]
    fn nothing_makes_the_reader_panic(
        at in 0..CLI.len(),
        length in 0..200_usize,
        other in prop::sample::select(vec!["", "null", "[]", "{}", "\"%FF\"", "1e999", "\"", "[[", ","]),
    ) {
        let end = (at + length).min(CLI.len());
        let (before, after) = (CLI.get(..at).unwrap(), CLI.get(end..).unwrap());
        let text = format!("{before}{other}{after}");
        if let Err(error) = import(&text) {
            prop_assert!(error.to_string().starts_with("a.json"));
        }
    }

    #[test]
    fn members_may_be_of_any_kind(
        number in 0..60_usize,
        other in prop::sample::select(vec!["null", "[]", "{}", "[{}]", "[null]", "7", "true", "\"x\""]),
    ) {
        let lines: Vec<&str> = CLI.lines().collect();
        let named = lines.iter().enumerate().filter(|(_, line)| line.ends_with(',') && line.contains("\": \""));
        let Some((at, line)) = named.clone().nth(number) else { return Ok(()) };
        let name = line.split_once(": ").unwrap().0;
        let changed = format!("{name}: {other},");
        let lines: Vec<&str> = lines.iter().enumerate().map(|(it, line)| if it == at { &changed } else { *line }).collect();
        let _ = import(&lines.join("\n"));
    }
}

fn export(deployment: &Deployment) -> String {
    let view = deployment.env.state.view();
    let account = "111122223333".parse().unwrap();
    format!("{:#}", crate::export::details(&deployment.env, &view, account).unwrap())
}

async fn deploy(import: &Import) -> Result<Deployment, DeploymentError> {
    let seed = Seed::from_json("seed.json", import.to_compact_seed()).unwrap();
    Deployment::of_seed(seed).await
}
