#pragma once

#include "../../src/sign/rekor.hpp"
#include <clairgate/base/bytes.hpp>

#include <nlohmann/json.hpp>

#include <string>

/// One signature for a log, and answers of a log that are wrong in one place.
namespace clairgate::sign {

inline LogRequest log_sample() {
    LogRequest request;
    request.envelope = {"{\"_type\":\"x\"}", "application/vnd.in-toto+json", "signature bytes"};
    request.certificate.der = "certificate bytes";
    return request;
}

/// The answer after a merge patch of what stands in its member `body_key` as base64 of JSON.
inline std::string
with_body(nlohmann::json entry, std::string const& body_key, std::string const& patch) {
    auto body = nlohmann::json::parse(from_base64(entry.at(body_key).get<std::string>()).value());
    body.merge_patch(nlohmann::json::parse(patch));
    entry[body_key] = to_base64(body.dump());
    return entry.dump();
}

} // namespace clairgate::sign
