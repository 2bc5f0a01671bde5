/** A certificate authority made on the spot: its key lives in this process and ends with it. */
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

/** A private key and its certificate, PEM, as node:tls takes them. */
export interface KeyPair {
  key: string;
  cert: string;
}

/** An authority that only those trust who are told to. */
export interface Authority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  /** A server's certificate for one host name or address. @param until a year from now by default; may be over */
  issue(host: string, until?: Date): Promise<KeyPair>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const usages = ["sign", "verify"] as const;

export async function createAuthority(): Promise<Authority> {
  // Not extractable: nothing can write this key anywhere.
  const keys = await webcrypto.subtle.generateKey(algorithm, false, usages);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Kairos sandbox",
    keys,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: authority.toString("pem"),
    issue: async (host, until) => {
      const { publicKey, privateKey } = await webcrypto.subtle.generateKey(algorithm, true, usages);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: authority.subject,
        publicKey,
        signingKey: keys.privateKey,
        ...validity(until),
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? "dns" : "ip", value: host }]),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      const der = await webcrypto.subtle.exportKey("pkcs8", privateKey);
      return { key: x509.PemConverter.encode(der, "PRIVATE KEY"), cert: certificate.toString("pem") };
    },
  };
}

const day = 24 * 60 * 60 * 1000;

/** From yesterday, for clocks that are behind, for as long as a sandbox may be left running. */
const validity = (until = new Date(Date.now() + 365 * day)) => ({
  serialNumber: randomBytes(12).toString("hex"),
  notBefore: new Date(Math.min(Date.now(), until.getTime()) - day),
  notAfter: until,
});
