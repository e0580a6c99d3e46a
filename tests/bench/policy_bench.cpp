// usage: policy_bench: the median time of loading and merging four levels with 1,000 exceptions, in
// microseconds, and how many findings a second one core judges by them. Both are of this process's
// time alone: nothing waits. What was blocked is printed too, so that nothing can be optimised
// away.
#include <clairgate/base/text.hpp>
#include <clairgate/policy/load.hpp>
#include <clairgate/policy/verdict.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace {

using namespace clairgate;

constexpr int passes = 31;
constexpr int exceptions_of_level = 250;
constexpr int findings_count = 100'000;

// Of every other finding's id.
std::string exceptions(int first) {
    std::string out;
    for (int i = first; i < first + exceptions_of_level; ++i)
        out += cat("[[allow]]\nid = [\"CVE-2024-",
                   10'000 + 2 * i,
                   "\"]\npackage = \"lib*\"\nreason = \"the code is not reachable from outside\"\n"
                   "owner = \"team-payments\"\nexpires = 2026-12-31\n");
    return out;
}

std::vector<policy::SourceFile> files() {
    std::string const global = "schema = 1\n[severity]\ncritical = \"block\"\nhigh = "
                               "\"block-if-fixed\"\nmedium = \"warn\"\n"
                               "[[rule]]\nname = \"known exploited\"\nwhen = { kev = true }\n"
                               "action = \"block\"\n[[lock]]\nkey = \"severity.critical\"\n"
                               "waivable = true\n";
    std::string const application = "schema = 1\n[[rule]]\nname = \"tools\"\nwhen = { package = "
                                    "[\"*-tools\", \"*-doc\"] }\naction = \"warn\"\n";
    return {{"global.toml", global + exceptions(0)},
            {"cluster/eu.toml", "schema = 1\n" + exceptions(250)},
            {"environment/prod.toml", "schema = 1\ncluster = \"eu\"\n" + exceptions(500)},
            {"application/shop.toml", application + exceptions(750)}};
}

finding::ScanReport scan() {
    finding::ScanReport out;
    out.platforms.push_back({"linux/amd64", image::Digest::of("manifest"), 1, 1, {}});
    for (int i = 0; i < findings_count; ++i) {
        finding::Finding finding;
        finding.id = cat("CVE-2024-", 10'000 + i % 4'000);
        finding.aliases = {cat("GHSA-", i)};
        finding.platform = "linux/amd64";
        finding.package.name = cat(i % 3 == 0 ? "lib" : "python3-", i % 500);
        finding.package.source_name = cat("source-", i % 100);
        finding.severity = finding::severities.at(static_cast<std::size_t>(i) % 6);
        finding.fixed_version = i % 2 == 0 ? "1.2.3" : "";
        finding.is_known_exploited = i % 1'000 == 0;
        out.findings.push_back(std::move(finding));
    }
    return out;
}

template <class Work>
double median_us(Work const& work) {
    std::vector<double> times;
    for (int pass = 0; pass < passes; ++pass) {
        auto const begun = std::clock();
        work();
        times.push_back(static_cast<double>(std::clock() - begun) * 1e6 / CLOCKS_PER_SEC);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

} // namespace

int main() {
    auto const tree = files();
    policy::Context const context{"", "prod", "shop"};
    auto policy = policy::load(tree, context);
    if (!policy.has_value()) {
        std::fprintf(stderr, "policy_bench: %s\n", policy.error().text().c_str());
        return 1;
    }
    auto const load_us = median_us([&] { policy = policy::load(tree, context); });
    auto const report = scan();
    policy::Question const question{"registry.example/team/shop",
                                    parse_rfc3339("2026-11-24T12:00:00Z").value()};
    std::size_t blocked = 0;
    auto const judge_us = median_us([&] {
        auto const verdict = policy::evaluate(*policy, report, question);
        for (auto const& decision : verdict.decisions())
            blocked += std::size_t{decision.effect == policy::Effect::block};
    });
    std::printf("%.0f %.0f %zu\n", load_us, findings_count * 1e6 / judge_us, blocked / passes);
}
