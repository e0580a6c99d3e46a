// usage: decode_bench REPORT DIGEST: the median time of decoding Clair's report and judging it, in
// microseconds. The judgement is printed too, so that nothing can be optimised away.
#include <clairgate/clair/decode.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace clairgate;

// One pass over a fresh copy of the bytes, as after a download; false when it failed.
bool judge(std::string json, image::Digest const& digest, std::size_t& blocked) {
    auto report = clair::decode_vulnerability_report(json, digest, "linux/amd64");
    if (!report.has_value()) {
        std::fprintf(stderr, "decode_bench: %s\n", report.error().text().c_str());
        return false;
    }
    finding::ScanReport scan;
    scan.platforms.push_back({"linux/amd64", digest, report->packages, 1, report->ecosystems});
    scan.findings = std::move(report->findings);
    auto const verdict =
        policy::evaluate(policy::built_in(), scan, {"registry.example/app", SystemTime{}});
    blocked = static_cast<std::size_t>(
        std::count_if(verdict.decisions().begin(), verdict.decisions().end(), [](auto const& one) {
            return one.effect == policy::Effect::block;
        }));
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    std::ifstream in(argv[1], std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(in), {}};
    auto const digest = image::Digest::parse(argv[2]);
    if (!in || !digest.has_value())
        return 2;
    std::vector<double> times;
    std::size_t blocked = 0;
    for (int pass = 0; pass < 50; ++pass) {
        auto copy = bytes;
        copy.reserve(copy.size() + 64);
        auto const begun = std::chrono::steady_clock::now();
        if (!judge(std::move(copy), *digest, blocked))
            return 1;
        times.push_back(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun)
                .count());
    }
    std::sort(times.begin(), times.end());
    std::printf("%.0f %zu\n", times[times.size() / 2], blocked);
}
