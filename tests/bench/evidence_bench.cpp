// usage: evidence_bench REPORT KEY: the median time of making the statement, signing it and writing
// the bundle of a report with a PEM key, in microseconds; then the bundle's size, so that nothing
// can be optimised away. Of this process's time alone: nothing waits.
#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/sign/key.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace clairgate;

constexpr int passes = 31;
constexpr std::size_t bytes_max = 64U << 20U;

// What the room `sign` does with a key in memory, its proof included.
Result<std::string> bundle_of(std::string const& report, sign::PrivateKey const& key) {
    attest::ScanFacts const facts{};
    attest::Statement const statement{{{"registry.example/team/app", image::Digest::of("image")}},
                                      std::string(attest::predicate_type::vuln),
                                      attest::vuln_predicate(facts, report)};
    attest::Bundle bundle;
    bundle.envelope.payload = attest::statement_json(statement);
    bundle.envelope.payload_type = attest::payload_type;
    auto const message = attest::pae(attest::payload_type, bundle.envelope.payload);
    bundle.envelope.signature = TRY(key.sign(message));
    auto const public_key = key.public_key();
    TRY_VOID(public_key.verify(message, bundle.envelope.signature));
    bundle.key_hint = public_key.hint();
    return attest::bundle_json(bundle);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: evidence_bench REPORT KEY\n", stderr);
        return 2;
    }
    auto const report = io::read_file(argv[1], bytes_max);
    auto const pem = io::read_secret(argv[2]);
    if (!report.has_value() || !pem.has_value())
        return 2;
    auto const key = sign::PrivateKey::from_pem(*pem);
    if (!key.has_value())
        return 2;
    std::vector<double> times;
    std::size_t size = 0;
    for (int pass = 0; pass < passes; ++pass) {
        auto const begun = std::clock();
        auto const bundle = bundle_of(*report, *key);
        times.push_back(static_cast<double>(std::clock() - begun) * 1e6 / CLOCKS_PER_SEC);
        if (!bundle.has_value())
            return 1;
        size = bundle->size();
    }
    std::sort(times.begin(), times.end());
    std::printf("%.0f %zu\n", times[times.size() / 2], size);
}
