#!/bin/sh
# Authorities for timestamps (RFC 3161) to test with, made by the openssl command alone (3.0 or later).
#
#   make_tsa.sh FOLDER
#
# makes in FOLDER: two roots, root.crt and foreign.crt; and for each NAME below NAME.crt, NAME.key and a
# NAME.cnf for `openssl ts -reply -config NAME.cnf -section tsa`:
#
#   p256      good, whole seconds             rsa       good, RSA-2048, fractions of a second
#   below     good, under an intermediate     stranger  good, under the foreign root
#   ended     held from 2019 to 2021 only
#   lax       its usage is not critical       wide      its usage is not timeStamping alone
#   plain     has no usage
#
# `openssl ts -reply` refuses to sign with the last three; `openssl cms -sign -cades` does not.
set -eu
cd "$1"
mkdir -p issued
: > index.txt
echo unique_subject=no > index.txt.attr

cat > ca.cnf <<'END'
[ req ]
distinguished_name = nobody
[ nobody ]
[ ca ]
database = index.txt
new_certs_dir = issued
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[ anything ]
organizationName = optional
commonName = supplied
[ authority ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ good ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ lax ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = timeStamping
[ wide ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping,codeSigning
[ plain ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
END

key() {
  if [ "$2" = rsa ]; then
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2>/dev/null
  else
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"
  fi
}

# certificate NAME KIND_OF_KEY SUBJECT EXTENSIONS END_YEAR ISSUER
certificate() {
  key "$1" "$2"
  openssl req -new -config ca.cnf -key "$1.key" -subj "/O=Test/CN=$3" -out "$1.csr"
  if [ "$6" = self ]; then issuer="-selfsign -keyfile $1.key"; else issuer="-cert $6.crt -keyfile $6.key"; fi
  openssl ca -batch -notext -config ca.cnf -name ca $issuer -in "$1.csr" -out "$1.crt" -extfile ca.cnf \
    -extensions "$4" -startdate 20190101000000Z -enddate "$5"0101000000Z 2>/dev/null
}

# authority NAME DIGITS_OF_A_SECOND
authority() {
  cat > "$1.cnf" <<END
[ tsa ]
serial = $1.serial
crypto_device = builtin
signer_cert = $1.crt
signer_key = $1.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1.1
other_policies = 1.3.6.1.4.1.99999.1.2
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = $2
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = ${3:-sha256}
END
  [ "$1" != below ] || sed -i 's/^signer_key/certs = middle.crt\n&/' "$1.cnf"
  echo 0100 > "$1.serial"
}

certificate root p256 "Test Root" authority 2099 self
certificate foreign p256 "Foreign Root" authority 2099 self
certificate middle p256 "Test Intermediate" authority 2099 root
certificate p256 p256 "Test Authority P-256" good 2098 root
certificate rsa rsa "Test Authority RSA" good 2098 root
certificate below p256 "Test Authority below" good 2097 middle
certificate stranger p256 "Foreign Authority" good 2098 foreign
certificate ended p256 "Ended Authority" good 2021 root
certificate lax p256 "Lax Authority" lax 2098 root
certificate wide p256 "Wide Authority" wide 2098 root
certificate plain p256 "Plain Authority" plain 2098 root
authority p256 0
authority rsa 6
authority below 0 sha1
authority stranger 0
authority ended 0
