#pragma once

#include <clairgate/attest/bundle.hpp>

/// Bundles that tests write, read and break.
namespace clairgate::attest::test {

inline Envelope sample_envelope() {
    return {"{}", std::string(payload_type), "\xFB\xFF\x01"};
}

inline Bundle keyed_bundle() {
    Bundle out;
    out.envelope = sample_envelope();
    out.key_hint = "6cPqj1tAKys8xo54Mym8/2YiZIeSFvWjRmD32Y8VMNU=";
    return out;
}

inline Bundle keyless_bundle() {
    Bundle out;
    out.envelope = sample_envelope();
    out.certificate = std::string("0\0", 2);
    out.log_entries = {R"({"logIndex": "1",  "x": {"y": 1}})", "{}"};
    out.timestamps = {"0\x01", "0\x02"};
    return out;
}

} // namespace clairgate::attest::test
