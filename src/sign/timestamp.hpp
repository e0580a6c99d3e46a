#pragma once

#include <clairgate/sign/keyless.hpp>

/// Inside of sign: timestamps (RFC 3161) of a signature.
namespace clairgate::sign {

/// A nonce made of random bytes: a positive number of their length. At least one byte, asserted.
std::string nonce_of(std::string random_bytes);

/// DER of the TimeStampReq for SHA-256 of `signature` that wants the certificates in the answer.
/// Kind config where OpenSSL refuses.
Result<std::string> timestamp_request(std::string_view signature, std::string_view nonce);

/// Whether DER of a TimeStampResp is granted (without modifications), over `signature` and for
/// `nonce`. Who issued it is not looked at: whoever verifies the bundle does. Kinds protocol,
/// denied (the authority refuses), integrity.
Result<void>
check_timestamp(std::string_view answer, std::string_view signature, std::string_view nonce);

/// A timestamp of the signature's raw bytes: the answer's DER as it is, checked as above.
io::Task<Result<std::string>> fetch_timestamp(io::World& world,
                                              SigstoreService authority,
                                              std::string signature,
                                              Deadline deadline);

} // namespace clairgate::sign
