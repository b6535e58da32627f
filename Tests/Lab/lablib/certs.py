"""The private CA and the hosts' certificates: EC P-256, after the profile of RFC 5280 and RFC 9525."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
WRONG_NAME = "another-host.example"
"""The only name in the certificate of `wrong-certificate-ipv6`."""


class Authority:
    """Issues certificates; `room` is where they are written. Common names hold at most 64 characters."""

    def __init__(self, room):
        self.room = room
        self.now = datetime.datetime.utcnow()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name("v6audit lab CA (illustrative)")
        self.certificate = (
            self._builder(self.name, self.key.public_key(), self.now - DAY, self.now + 30 * DAY)
            .issuer_name(self.name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(self.key, hashes.SHA256()))
        self.file = room.write("certificates", "ca.pem", _pem(self.certificate))

    def issue(self, file, names, addresses=(), expired=False, self_signed=False):
        """Writes FILE.pem and FILE.key with a fresh key; returns both paths."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(names[0] if names else str(addresses[0]))
        end = self.now - DAY if expired else self.now + 30 * DAY
        start = end - 30 * DAY if expired else self.now - DAY
        issuer_key, issuer = (key, subject) if self_signed else (self.key, self.name)
        alternatives = [x509.DNSName(name) for name in names]
        alternatives += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        certificate = (
            self._builder(subject, key.public_key(), start, end)
            .issuer_name(issuer)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
                           critical=False)
            .sign(issuer_key, hashes.SHA256()))
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                    serialization.NoEncryption()).decode()
        return (self.room.write("certificates", f"{file}.pem", _pem(certificate)),
                self.room.write("certificates", f"{file}.key", private))

    def _builder(self, subject, public_key, start, end):
        return (x509.CertificateBuilder().subject_name(subject).public_key(public_key)
                .serial_number(x509.random_serial_number())
                .not_valid_before(start).not_valid_after(end)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False))


class HostCertificates:
    """The (certificate, key) of each host and family; the families differ only by a planted fault."""

    def __init__(self, plan, room):
        self.plan, self.authority, self.issued = plan, Authority(room), {}
        self.ca_file = self.authority.file

    def of(self, host, version):
        """Paths for `host` over IP `version` (4 or 6); issued at the first call."""
        fault = self._fault(host) if version == 6 else None
        if (host.id, fault) not in self.issued:
            self.issued[host.id, fault] = self._issue(host, fault)
        return self.issued[host.id, fault]

    def _fault(self, host):
        for kind in ("wrong-certificate", "self-signed", "expired-certificate", "different-key"):
            if self.plan.faults.has(host.id, f"{kind}-ipv6"):
                return kind
        return None

    def _issue(self, host, fault):
        # A host with names is known by them alone, as on the Internet; without any, by its addresses.
        names, addresses = host.names, () if host.names else host.addresses
        file = f"{host.id}.{fault}" if fault else host.id
        if fault == "wrong-certificate":
            names, addresses = [WRONG_NAME], ()
        return self.authority.issue(file, names, addresses, expired=fault == "expired-certificate",
                                    self_signed=fault == "self-signed")


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _key_usage(**used):
    usages = dict.fromkeys((
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(**{**usages, **used})


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
