//! The versions of everything that is fetched: the clients and signers, from PyPI and the npm registry.

/// The packages of the virtual environment, as pip wants them.
pub(crate) const PYTHON: [&str; 7] = [
    "boto3==1.44.3",
    "botocore==1.44.3",
    "awscli==1.46.3",
    "awscli-local==0.23.0",
    "awscrt==0.38.1",
    "cryptography==50.0.2",
    "PyJWT==2.15.1",
];

/// The packages of the node folder, as npm wants them.
pub(crate) const NODE: [&str; 6] = [
    "@aws-crypto/sha256-js@5.2.0",
    "@aws-sdk/client-iam@3.1169.0",
    "@aws-sdk/client-sts@3.1169.0",
    "@aws-sdk/credential-providers@3.1169.0",
    "@smithy/protocol-http@5.6.2",
    "@smithy/signature-v4@5.7.5",
];

/// What makes tokens and SAML responses, in an environment of its own.
pub(crate) const FEDERATION_PYTHON: [&str; 5] =
    ["Authlib==1.9.9", "cryptography==50.0.2", "PyJWT==2.15.1", "pysaml2==7.5.5", "signxml==5.2.0"];

/// What makes the same in node.
pub(crate) const FEDERATION_NODE: [&str; 4] =
    ["@xmldom/xmldom@0.8.11", "jose@6.2.17", "samlify@2.13.1", "xml-crypto@6.3.2"];

/// Ansible with its collections, and what its modules for AWS need.
pub(crate) const ANSIBLE: [&str; 3] = ["ansible==12.3.0", "boto3==1.44.3", "botocore==1.44.3"];

/// The auditors, each in an environment of its own.
pub(crate) const CLOUDSPLAINING: [&str; 1] = ["cloudsplaining==0.9.1"];
pub(crate) const PMAPPER: [&str; 1] = ["principalmapper==1.1.5"];
pub(crate) const C7N: [&str; 1] = ["c7n==0.9.53"];
pub(crate) const PROWLER: [&str; 1] = ["prowler==5.46.0"];
pub(crate) const CARTOGRAPHY: [&str; 1] = ["cartography==0.143.0"];

/// The oldest major version of node that the packages above run on.
pub(crate) const NODE_MAJOR: u32 = 20;
