#include <clairgate/report/dotenv_writer.hpp>
#include <clairgate/report/formats.hpp>

#include <algorithm>
#include <array>

namespace clairgate::report {

namespace {

// GitLab takes 5 KiB of all together. A reference is never cut: its grammar ends it earlier.
constexpr std::size_t text_bytes_max = 200;
constexpr std::size_t reference_bytes_max = 1000;

void counts_of_decisions(Record const& record, DotenvWriter& env) {
    auto const& summary = record.account().summary;
    env.entry("CLAIRGATE_BLOCK", summary.block);
    env.entry("CLAIRGATE_WARN", summary.warn);
    env.entry("CLAIRGATE_ALLOW", summary.allow);
    env.entry("CLAIRGATE_WAIVED", summary.waived);
}

void counts_of_severities(Record const& record, DotenvWriter& env) {
    using finding::Severity;
    std::array<std::size_t, finding::severities.size()> counts{};
    for (auto const& finding : record.findings())
        ++counts.at(static_cast<std::size_t>(finding.severity));
    auto const count = [&](Severity severity) {
        return counts.at(static_cast<std::size_t>(severity));
    };
    env.entry("CLAIRGATE_FINDINGS", record.findings().size());
    env.entry("CLAIRGATE_CRITICAL", count(Severity::critical));
    env.entry("CLAIRGATE_HIGH", count(Severity::high));
    env.entry("CLAIRGATE_MEDIUM", count(Severity::medium));
    env.entry("CLAIRGATE_LOW", count(Severity::low));
    env.entry("CLAIRGATE_NEGLIGIBLE", count(Severity::negligible));
    env.entry("CLAIRGATE_UNKNOWN", count(Severity::unknown));
}

void comparison(Record const& record, DotenvWriter& env) {
    auto const& compared = record.comparison();
    if (!compared)
        return;
    auto const& findings = record.findings();
    auto const fresh = std::count_if(
        findings.begin(), findings.end(), [](auto const& finding) { return finding.is_new; });
    env.entry("CLAIRGATE_NEW", static_cast<std::uint64_t>(fresh));
    env.entry("CLAIRGATE_FIXED", compared->fixed.size());
}

void context(Record const& record, DotenvWriter& env) {
    auto const entry = [&](Fixed key, char const* name) {
        auto const found = record.context().find(name);
        if (found != record.context().end())
            env.entry(key, found->second, text_bytes_max);
    };
    entry("CLAIRGATE_APPLICATION", "application");
    entry("CLAIRGATE_CLUSTER", "cluster");
    entry("CLAIRGATE_ENVIRONMENT", "environment");
}

} // namespace

// At most 20 keys: what a self-managed GitLab takes. A count that nobody made is left out, so that
// no undecided image looks like one without findings.
void render_dotenv(Record const& record, RenderOptions const&, Out& out) {
    DotenvWriter env(out);
    env.entry("CLAIRGATE_VERDICT", record.verdict_word(), text_bytes_max);
    if (record.account().policy.is_enforced)
        env.entry("CLAIRGATE_ENFORCED", "true");
    else
        env.entry("CLAIRGATE_ENFORCED", "false");
    env.entry("CLAIRGATE_DIGEST", record.digest(), reference_bytes_max);
    env.entry("CLAIRGATE_IMAGE", record.reference().text(), reference_bytes_max);
    context(record, env);
    if (!record.is_decided())
        return;
    counts_of_decisions(record, env);
    counts_of_severities(record, env);
    comparison(record, env);
}

} // namespace clairgate::report
