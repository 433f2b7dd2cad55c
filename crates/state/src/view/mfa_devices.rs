//! MFA devices, by serial number and by whose they are.

use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use daypass_ident::{AccountId, Arn, ArnParts};
use daypass_totp::{Attempts, Code, Synchronized};

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::{KeyOwner, MfaDeviceRecord};

/// A virtual MFA device.
///
/// Which codes were spent, and how often somebody guessed, is kept beside the store, as the stamps of
/// last use are: a request that only reads must not write. It is two numbers for each device, and all
/// views share them. When the process ends they are forgotten, so that a code of the last minute and a
/// half could then be used a second time.
#[derive(Debug)]
pub struct MfaDevice {
    /// What is stored.
    pub record: MfaDeviceRecord,
    serial_number: Arn,
    usage: Arc<Usage>,
}

#[derive(Debug)]
struct Usage {
    /// The step of the newest code that was spent.
    newest_spent: AtomicI64,
    /// The [`Attempts`] of late.
    attempts: AtomicU64,
}

impl MfaDevice {
    fn new(account: AccountId, record: MfaDeviceRecord, old: Option<&Self>) -> Self {
        // With another seed it is another device.
        let old = old.filter(|old| old.record.seed == record.seed);
        let usage = old.map_or_else(Arc::default, |old| Arc::clone(&old.usage));
        usage.newest_spent.fetch_max(record.newest_spent.unwrap_or(NEVER), Ordering::AcqRel);
        let serial_number = Arn::iam(account, &[KIND, &record.path, &record.name]);
        Self { record, serial_number, usage }
    }

    /// The serial number, which is the ARN.
    #[must_use]
    pub fn serial_number(&self) -> &Arn {
        &self.serial_number
    }

    /// Whose the device is; `None` while it is not enabled.
    #[must_use]
    pub fn owner(&self) -> Option<KeyOwner> {
        self.record.assignment.as_ref().map(|assignment| assignment.owner)
    }

    /// The step of a code that is good at `now`, in Unix seconds of the service clock. It stays good
    /// until it is [spent](Self::spend).
    ///
    /// After some wrong codes in a row none is good for a while, however right it is ([`Attempts`]).
    #[must_use]
    pub fn verify(&self, code: Code, now: i64) -> Option<i64> {
        let drift = self.record.assignment.as_ref()?.drift;
        let attempts = &self.usage.attempts;
        let and_one = |bits| Attempts::from_bits(bits).and_one(now).map(Attempts::to_bits);
        attempts.fetch_update(Ordering::AcqRel, Ordering::Acquire, and_one).ok()?;
        let step = self.record.seed.verify(code, now, drift, self.newest_spent())?;
        self.forget_attempts();
        Some(step)
    }

    /// Forgets a wrong code: another device of the owner's has shown it.
    pub fn forget_attempts(&self) {
        self.usage.attempts.store(Attempts::default().to_bits(), Ordering::Release);
    }

    /// As [`Seed::synchronize`](daypass_totp::Seed::synchronize), for codes that were not spent. Nobody
    /// guesses two in a row, so that wrong ones do not count.
    #[must_use]
    pub fn synchronize(&self, codes: [Code; 2], now: i64) -> Option<Synchronized> {
        self.record.seed.synchronize(codes, now, self.newest_spent())
    }

    /// Spends the code of a step. Of two calls with one code only the first gets `true`.
    #[must_use]
    pub fn spend(&self, step: i64) -> bool {
        self.usage.newest_spent.fetch_max(step, Ordering::AcqRel) < step
    }

    fn newest_spent(&self) -> Option<i64> {
        Some(self.usage.newest_spent.load(Ordering::Acquire)).filter(|step| *step != NEVER)
    }
}

impl Default for Usage {
    fn default() -> Self {
        let attempts = AtomicU64::new(Attempts::default().to_bits());
        Self { newest_spent: AtomicI64::new(NEVER), attempts }
    }
}

/// One account's MFA devices. Their names tell case apart.
#[derive(Debug, Clone, Default)]
pub(super) struct MfaDevices(imbl::OrdMap<Box<str>, Arc<MfaDevice>>);

impl MfaDevices {
    pub(super) fn put(
        &mut self,
        account: AccountId,
        key: &str,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        let old = self.0.get(key).map(|old| &**old);
        let device = MfaDevice::new(account, decode(value)?, old);
        self.0.insert(key.into(), Arc::new(device));
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }
}

impl Account {
    /// The account's MFA device of this serial number.
    #[must_use]
    pub fn mfa_device(&self, serial_number: &str) -> Option<&Arc<MfaDevice>> {
        let resource = ArnParts::parse(serial_number)?.resource;
        let key = resource.strip_prefix(KIND)?.strip_prefix('/')?;
        // The key alone leads to a device, whatever the account.
        self.mfa_devices.0.get(key).filter(|device| device.serial_number.as_ref() == serial_number)
    }

    /// All MFA devices, by path and name.
    pub fn mfa_devices(&self) -> impl Iterator<Item = &Arc<MfaDevice>> {
        self.mfa_devices.0.values()
    }

    /// As [`mfa_devices`](Self::mfa_devices), from behind a path and name on, at the cost of what is taken.
    pub fn mfa_devices_after<'a>(
        &'a self,
        key: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<MfaDevice>> + use<'a> {
        let behind = key.map_or(Bound::Unbounded, |key| Bound::Excluded(Box::from(key)));
        self.mfa_devices
            .0
            .range::<_, Box<str>>((behind, Bound::Unbounded))
            .map(|(_, device)| device)
    }

    /// The MFA devices of an owner, by path and name.
    pub fn mfa_devices_of(&self, owner: KeyOwner) -> impl Iterator<Item = &Arc<MfaDevice>> {
        self.mfa_devices().filter(move |device| device.owner() == Some(owner))
    }

    /// How many MFA devices there are.
    #[must_use]
    pub fn mfa_device_count(&self) -> usize {
        self.mfa_devices.0.len()
    }
}

/// What the resources of the devices' ARNs begin with.
const KIND: &str = "mfa";

/// Before every step that a clock may show.
const NEVER: i64 = i64::MIN;

#[cfg(test)]
mod tests {
    use daypass_ident::{AccountId, SystemIds};
    use daypass_store::MemoryStore;
    use daypass_totp::{Seed, step_at};

    use super::*;
    use crate::record::{MfaAssignment, Tags};
    use crate::{Draft, State, Tx};

    const NOW: i64 = 1_800_000_000;
    const SERIAL: &str = "arn:aws:iam::123456789012:mfa/team/Phone";

    fn account() -> AccountId {
        "123456789012".parse().unwrap()
    }

    fn record(seed: &Seed) -> MfaDeviceRecord {
        let owner = KeyOwner::Root;
        MfaDeviceRecord {
            name: "Phone".to_owned(),
            path: "/team/".to_owned(),
            seed: seed.clone(),
            assignment: Some(MfaAssignment { owner, enable_date: NOW, drift: 0 }),
            newest_spent: None,
            tags: Tags::default(),
        }
    }

    async fn put(state: &State, record: &MfaDeviceRecord) {
        let mut tx = Tx::new(state.view(), account());
        tx.put_mfa_device(record);
        state.commit(tx).await.unwrap();
    }

    fn device(state: &State) -> Arc<MfaDevice> {
        Arc::clone(state.view().account(account()).mfa_device(SERIAL).unwrap())
    }

    #[tokio::test]
    async fn a_spent_code_stays_spent_in_every_view_of_the_device() {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        let seed = Seed::generate(&SystemIds);
        put(&state, &record(&seed)).await;
        let before = device(&state);
        let now = step_at(NOW);
        let [code, next] = [0, 1].map(|ahead| seed.code_at(now + ahead));
        assert_eq!(before.verify(code, NOW), Some(now));
        assert!(before.spend(now) && !before.spend(now) && !before.spend(now - 1));

        put(&state, &MfaDeviceRecord { newest_spent: Some(now - 9), ..record(&seed) }).await;
        for device in [&before, &device(&state)] {
            assert_eq!(device.verify(code, NOW), None);
            assert_eq!(device.verify(next, NOW), Some(now + 1));
        }
        // A change to the record may spend too.
        put(&state, &MfaDeviceRecord { newest_spent: Some(now + 1), ..record(&seed) }).await;
        assert_eq!(before.verify(next, NOW), None);

        // Another seed has other codes.
        let other = Seed::generate(&SystemIds);
        put(&state, &record(&other)).await;
        assert_eq!(device(&state).verify(other.code_at(now), NOW), Some(now));
    }

    #[tokio::test]
    async fn whoever_guesses_must_wait_and_so_must_the_owner() {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        let seed = Seed::generate(&SystemIds);
        put(&state, &record(&seed)).await;
        let now = step_at(NOW);
        let [far, right] = [now + 99, now].map(|step| seed.code_at(step));
        let before = device(&state);
        for _ in 0..4 {
            assert_eq!(before.verify(far, NOW), None);
        }
        assert_eq!(before.verify(right, NOW), Some(now), "a few mistakes are let go");
        for _ in 0..5 {
            assert_eq!(before.verify(far, NOW), None);
        }
        assert_eq!(before.verify(right, NOW), None);
        // In every view of the device, whatever of it changes but the seed.
        put(&state, &MfaDeviceRecord { newest_spent: Some(now - 9), ..record(&seed) }).await;
        assert_eq!(device(&state).verify(right, NOW + 24), None);
        assert_eq!(device(&state).verify(right, NOW + 25), Some(now));
        assert_eq!(before.verify(right, NOW), Some(now), "the count begins anew");
    }

    #[tokio::test]
    async fn of_many_guesses_at_once_no_more_are_looked_at() {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        let seed = Seed::generate(&SystemIds);
        put(&state, &record(&seed)).await;
        let device = device(&state);
        let guess = || device.verify(seed.code_at(step_at(NOW) + 99), NOW);
        std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(guess);
            }
        });
        let attempts = Attempts::from_bits(device.usage.attempts.load(Ordering::Acquire));
        let five = (0..5).try_fold(Attempts::default(), |attempts, _| attempts.and_one(NOW));
        assert_eq!(Some(attempts), five);
    }

    #[tokio::test]
    async fn a_device_is_found_by_its_whole_serial_number() {
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        let seed = Seed::generate(&SystemIds);
        put(&state, &record(&seed)).await;
        let copy = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        copy.replace(Draft::of(&state.view())).await.unwrap();
        assert_eq!(device(&copy).record, record(&seed));

        for serial in [
            "",
            "Phone",
            "arn:aws:iam::123456789012:mfa/Phone",
            "arn:aws:iam::123456789012:mfa/team/phone",
            "arn:aws:iam::123456789012:mfa",
            "arn:aws:iam::999999999999:mfa/team/Phone",
            "arn:aws:iam::123456789012:role/team/Phone",
        ] {
            assert!(state.view().account(account()).mfa_device(serial).is_none(), "{serial}");
        }
        let mut tx = Tx::new(state.view(), account());
        tx.delete_mfa_device(&device(&state));
        state.commit(tx).await.unwrap();
        assert_eq!(state.view().account(account()).mfa_device_count(), 0);
    }

    /// What a store is written with can be read by eye, and a log shows nothing of it.
    #[test]
    fn a_seed_is_stored_and_never_shown() {
        let record = record(&Seed::from_base32("JBSWY3DPEHPK3PXP").unwrap());
        let stored = serde_json::to_string(&record).unwrap();
        assert!(stored.contains(r#""seed":"JBSWY3DPEHPK3PXP""#), "{stored}");
        assert!(!format!("{record:?}").contains("JBSW"));
    }
}
