use super::*;

#[test]
fn the_catalogue_answers() {
    assert_eq!(Catalog.actions("nothing"), None);
    assert!(Catalog.actions("STS").unwrap().contains(&"AssumeRole"));
    assert_eq!(
        Catalog.resource_arns("iam", "passrole"),
        ["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"]
    );
    assert!(Catalog.carries("iam", "PassRole", "iam:passedtoservice"));
    assert!(!Catalog.carries("iam", "GetRole", "iam:PassedToService"));
    // A key that the action has with its resource.
    assert!(Catalog.carries("iam", "GetRole", "iam:ResourceTag/team"));
    assert!(Catalog.global_key("aws:TagKeys").unwrap().multivalued);
    assert!(Catalog.key_names("").contains(&"aws:PrincipalArn"));
}
