#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/facts.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/policy/vex_waivers.hpp>
#include <clairgate/report/formats.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::gate {

namespace {

Result<std::string> read(std::string_view flag, std::string const& file, std::size_t bytes_max) {
    auto bytes = io::read_file(file, bytes_max);
    if (!bytes.has_value())
        return Error(ErrorKind::policy, cat("--", flag, ": ", bytes.error().text()))
            .with_remedy(cat("--", flag, " names a file that can be read"));
    return bytes;
}

Result<void> check_age(std::string_view flag,
                       std::string const& file,
                       SystemTime date,
                       Duration age_max,
                       SystemTime now) {
    auto const age = std::chrono::duration_cast<Duration>(now - date);
    if (age <= age_max)
        return ok();
    return Error(ErrorKind::policy,
                 cat("--",
                     flag,
                     ": ",
                     file,
                     " is of ",
                     to_rfc3339(date),
                     ", ",
                     to_string(age),
                     " old"))
        .with_remedy(cat("fetch a newer one, or allow this age with --", flag, "-max-age"));
}

Result<EarlierScan> read_baseline(std::string const& file) {
    auto const bytes = TRY(read("against", file, limits::stored_report_bytes));
    auto stored = report::parse_report(bytes);
    if (!stored.has_value())
        return Error(ErrorKind::policy, cat("--against ", file, ": ", stored.error().text()))
            .with_remedy("--against names a report that run -o json=FILE wrote");
    auto const& report = stored->report;
    policy::Baseline known(report.scan);
    return EarlierScan{report.reference.text(),
                       std::make_shared<finding::ScanReport const>(std::move(stored->report.scan)),
                       std::move(known)};
}

// The first CVE among the ids of a finding that the catalogue knows; nothing to look up: nothing.
template <class Table>
auto look_up(Table const& table, finding::Finding const& finding)
    -> decltype(table.lookup(finding.id)) {
    if (auto found = table.lookup(finding.id))
        return found;
    for (auto const& alias : finding.aliases)
        if (auto found = table.lookup(alias))
            return found;
    return std::nullopt;
}

// The earlier of two dates that may be unknown.
void take_earlier(std::optional<SystemTime>& date, std::optional<SystemTime> const& other) {
    if (other && (!date || *other < *date))
        date = other;
}

} // namespace

Result<FactFiles> read_facts(FactChoice const& choice, SystemTime now) {
    FactFiles facts;
    if (choice.kev_file) {
        auto const bytes = TRY(read("kev", *choice.kev_file, policy::KevCatalog::bytes_max));
        facts.kev = TRY(policy::parse_kev(bytes).with_context(cat("--kev ", *choice.kev_file)));
        TRY_VOID(check_age("kev", *choice.kev_file, facts.kev->released, choice.kev_age_max, now));
    }
    if (choice.epss_file) {
        auto const bytes = TRY(read("epss", *choice.epss_file, policy::EpssTable::bytes_max));
        facts.epss = TRY(policy::parse_epss(bytes).with_context(cat("--epss ", *choice.epss_file)));
        TRY_VOID(
            check_age("epss", *choice.epss_file, facts.epss->score_date, choice.epss_age_max, now));
    }
    for (auto const& file : choice.vex_files) {
        auto const bytes = TRY(read("vex", file, policy::VexDocument::bytes_max));
        auto document = TRY(policy::parse_vex(bytes).with_context(cat("--vex ", file)));
        facts.vex.push_back({file, std::move(document)});
    }
    if (choice.baseline_file)
        facts.baseline = TRY(read_baseline(*choice.baseline_file));
    return facts;
}

std::optional<report::Comparison> compare(finding::ScanReport const& scan, FactFiles const& facts) {
    if (!facts.baseline)
        return std::nullopt;
    report::Comparison comparison{facts.baseline->name, {}};
    policy::Baseline const now(scan);
    for (auto const& finding : facts.baseline->scan->findings)
        if (!now.holds(finding))
            comparison.fixed.push_back({finding.id,
                                        finding.platform,
                                        finding.package.name,
                                        finding.package.version,
                                        finding.severity});
    auto const key = [](report::FixedFinding const& one) {
        return std::tuple(-static_cast<int>(one.severity),
                          std::string_view(one.package),
                          std::string_view(one.id),
                          std::string_view(one.platform),
                          std::string_view(one.installed));
    };
    auto& fixed = comparison.fixed;
    std::sort(
        fixed.begin(), fixed.end(), [&](auto const& a, auto const& b) { return key(a) < key(b); });
    fixed.erase(std::unique(fixed.begin(), fixed.end()), fixed.end());
    return comparison;
}

void add_facts(finding::ScanReport& scan, FactFiles const& facts) {
    for (auto& finding : scan.findings) {
        if (facts.kev)
            finding.is_known_exploited = look_up(*facts.kev, finding).has_value();
        if (facts.epss)
            if (auto const found = look_up(*facts.epss, finding))
                finding.epss = found->score;
        if (facts.baseline)
            finding.is_new = !facts.baseline->known.holds(finding);
        for (auto const& evidence : facts.earlier) {
            auto const dates = evidence.dates(finding);
            take_earlier(finding.first_seen, dates.first_seen);
            if (!finding.fixed_version.empty())
                take_earlier(finding.fix_first_seen, dates.fix_first_seen);
        }
    }
}

void add_vex(policy::Policy& policy, FactFiles const& facts) {
    auto const& trusted = policy.exceptions.vex_authors;
    auto const is_heard = [&trusted](std::string const& author) {
        return trusted && std::find(trusted->value.begin(), trusted->value.end(), author) !=
                              trusted->value.end();
    };
    std::vector<policy::VexSource> heard;
    for (auto const& source : facts.vex) {
        if (is_heard(source.document.author)) {
            heard.push_back(source);
            continue;
        }
        policy.notes.push_back({policy::Origin{},
                                cat("--vex ",
                                    source.file,
                                    " is not heard: its author \"",
                                    printable(source.document.author, 100),
                                    "\" is not among exceptions.vex_authors")});
    }
    policy::add_vex_waivers(policy, heard);
}

} // namespace clairgate::gate
