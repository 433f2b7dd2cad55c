use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_iam::types::{AccessKey, Role};
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::{SharedCredentialsProvider, SharedHttpClient};
use daypass::{Builder, Daypass};
use serde_json::{Value, json};

/// The account of every world.
pub const ACCOUNT: &str = "123456789012";

/// A running daypass of a test's own, and clients for it.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub daypass: Daypass,
    http: SharedHttpClient,
}

impl World {
    /// A start without any configuration but the account.
    pub async fn start() -> Self {
        Self::of(Daypass::builder()).await
    }

    /// A start with more configuration.
    pub async fn of(builder: Builder) -> Self {
        let daypass = builder.account(ACCOUNT.parse().unwrap()).start().await.unwrap();
        Self { daypass, http: aws_smithy_http_client::Builder::new().build_http() }
    }

    /// The HTTP client of the SDK's clients.
    #[must_use]
    pub fn http(&self) -> SharedHttpClient {
        self.http.clone()
    }

    /// The keys of the account's root user.
    #[must_use]
    pub fn root(&self) -> Credentials {
        let root = self.daypass.root_credentials();
        let secret = root.secret_access_key.expose().clone();
        Credentials::from_keys(root.access_key_id.clone(), secret, None)
    }

    /// A configuration for the SDK's clients, without retries: an error is seen as it comes.
    #[must_use]
    pub fn config(&self, keys: &Credentials, region: &str) -> aws_config::SdkConfig {
        let config = self.daypass.sdk_config(region).into_builder();
        config
            .credentials_provider(SharedCredentialsProvider::new(keys.clone()))
            .http_client(self.http())
            .retry_config(RetryConfig::disabled())
            .build()
    }

    /// STS as seen with these keys.
    #[must_use]
    pub fn sts(&self, keys: &Credentials) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.config(keys, "eu-central-1"))
    }

    /// IAM as seen with these keys.
    #[must_use]
    pub fn iam(&self, keys: &Credentials) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.config(keys, "us-east-1"))
    }

    /// Who daypass says that these keys are: ARN, user id, account.
    pub async fn identity(&self, keys: &Credentials) -> [String; 3] {
        let told = self.sts(keys).get_caller_identity().send().await.unwrap();
        [told.arn, told.user_id, told.account].map(Option::unwrap)
    }

    /// Makes a user without permissions, and an access key of theirs.
    pub async fn user(&self, name: &str) -> Credentials {
        self.iam(&self.root()).create_user().user_name(name).send().await.unwrap();
        self.access_key(name).await
    }

    /// Makes an access key of a user.
    pub async fn access_key(&self, user: &str) -> Credentials {
        let iam = self.iam(&self.root());
        let made = iam.create_access_key().user_name(user).send().await.unwrap();
        let AccessKey { access_key_id, secret_access_key, .. } = made.access_key.unwrap();
        Credentials::from_keys(access_key_id, secret_access_key, None)
    }

    /// Gives a user an inline policy of this one statement.
    pub async fn permit(&self, user: &str, statement: Value) {
        let iam = self.iam(&self.root());
        let call = iam.put_user_policy().user_name(user).policy_name("permitted");
        call.policy_document(policy(statement)).send().await.unwrap();
    }

    /// Makes a role.
    pub async fn role(&self, name: &str, trust: Value) -> Role {
        let iam = self.iam(&self.root());
        let call = iam.create_role().role_name(name);
        let call = call.assume_role_policy_document(policy(trust));
        call.send().await.unwrap().role.unwrap()
    }

    /// Makes a role that trusts the account and may do what an administrator may.
    pub async fn admin_role(&self, name: &str) -> Role {
        let role = self.role(name, trust(ACCOUNT)).await;
        let iam = self.iam(&self.root());
        let call = iam.attach_role_policy().role_name(name);
        call.policy_arn("arn:aws:iam::aws:policy/AdministratorAccess").send().await.unwrap();
        role
    }

    /// Opens a session of a role.
    pub async fn assume(&self, keys: &Credentials, role: &Role) -> Credentials {
        let call = self.sts(keys).assume_role().role_arn(role.arn()).role_session_name("session");
        session_keys(call.send().await.unwrap().credentials)
    }

    /// Opens a session with the keys of a user.
    pub async fn session_of(&self, keys: &Credentials) -> Credentials {
        session_keys(self.sts(keys).get_session_token().send().await.unwrap().credentials)
    }

    /// Lets the service clock run ahead.
    pub fn pass(&self, time: Duration) {
        self.daypass.clock().advance(i64::try_from(time.as_secs()).unwrap());
    }
}

/// The keys in an answer of STS. The SDK is not told when they expire: it would refuse to send
/// them by the clock on the wall.
#[must_use]
pub fn session_keys(credentials: Option<aws_sdk_sts::types::Credentials>) -> Credentials {
    let keys = credentials.unwrap();
    Credentials::from_keys(keys.access_key_id, keys.secret_access_key, Some(keys.session_token))
}

/// A statement that allows an action.
#[must_use]
pub fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

/// A statement that denies an action.
#[must_use]
pub fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

/// A statement of a trust policy that lets a principal assume the role.
#[must_use]
pub fn trust(principal: &str) -> Value {
    json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"})
}

/// A policy document of one statement, or of an array of them.
#[must_use]
pub fn policy(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}
