//! What daypass is built from. Licences, sources and banned packages are in `deny.toml`.

use crate::{check, dependencies, members, text_of};

#[test]
fn only_the_end_to_end_tests_use_the_aws_sdk() {
    let is_sdk = |name: &str| name.starts_with("aws-sdk-") || name == "aws-config";
    let uses = members().flat_map(|package| {
        let name = text_of(package, "name");
        let may = move |optional: bool| name == "daypass-tests" || (name == "daypass" && optional);
        let imports = dependencies(package).iter();
        imports
            .filter(move |import| is_sdk(text_of(import, "name")))
            .filter(move |import| !may(import["optional"] == true))
            .map(move |import| format!("{name} depends on {}", text_of(import, "name")))
    });
    check("only tests may depend on the AWS SDK, and daypass behind a feature:", uses);
}
