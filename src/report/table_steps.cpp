#include <clairgate/report/table_parts.hpp>
#include <clairgate/report/upgrades.hpp>

#include <algorithm>
#include <set>

namespace clairgate::report {

namespace {

using policy::Effect;

constexpr std::size_t upgrades_max = 5;
constexpr std::size_t sentences_max = 10;
constexpr std::size_t red_per_day_max = 4;

void some_of(TerminalWriter& out, std::vector<InertText> const& sentences, Fixed rest) {
    for (std::size_t i = 0; i < std::min(sentences.size(), sentences_max); ++i)
        out.say("  ", sentences[i]);
    if (sentences.size() > sentences_max)
        out.say("  and ", said({sentences.size() - sentences_max, " ", rest}));
}

// One sentence for each day: "2027-01-01 (in 35 days): CVE-… in openssl, …"
std::vector<InertText> days_of(TerminalWriter const& out, Record const& record) {
    using std::chrono::floor;
    auto const red = turning_red(record);
    auto const today = floor<std::chrono::days>(record.run().finished);
    std::vector<InertText> days;
    for (auto from = red.begin(); from != red.end();) {
        auto const day = floor<std::chrono::days>(from->when);
        auto const end = std::find_if(from, red.end(), [&](TurningRed const& one) {
            return floor<std::chrono::days>(one.when) != day;
        });
        std::vector<InertText> names;
        for (auto one = from; one != end && names.size() < red_per_day_max; ++one)
            names.push_back(said({out.safe(one->id), " in ", out.safe(one->package)}));
        auto const all = static_cast<std::size_t>(end - from);
        if (all > names.size())
            names.push_back(said({all - names.size(), " more"}));
        auto const left = (day - today).count();
        days.push_back(
            said({TerminalWriter::day(from->when),
                  left > 0 ? said({" (in ", counted(static_cast<std::size_t>(left), "day"), ")"})
                           : InertText(),
                  ": ",
                  joined(names, ", "),
                  all == 1 ? Fixed(" blocks") : Fixed(" block")}));
        from = end;
    }
    return days;
}

// Ready to be copied; of the worst finding that blocks, the others are alike.
void tell_first_exception(TerminalWriter& out, Record const& record) {
    auto const worst = worst_blocking(record);
    if (!worst)
        return;
    auto const& decided = record.account().decisions[*worst];
    if (!decided.pinned.empty())
        return out.say("  ",
                       said({"no exception of an application lifts ", out.safe(decided.pinned)}));
    out.line("  or, if it is acceptable, an exception in your application's policy file:");
    for (auto const line : split(trim(decided.exception), '\n'))
        out.line(said({"    ", out.safe(line)}));
}

void tell_upgrades(TerminalWriter& out, Upgrades const& upgrades) {
    auto const& all = upgrades.upgrades;
    for (std::size_t i = 0; i < std::min(all.size(), upgrades_max); ++i)
        out.say("  ",
                said({"upgrade ",
                      out.safe(all[i].package),
                      all[i].to.empty() ? Fixed(" to its newest version")
                                        : said({" to ", out.safe(all[i].to)}),
                      " (clears ",
                      all[i].clears,
                      " of ",
                      upgrades.findings,
                      ")"}));
    if (all.size() > upgrades_max)
        out.line(said({"  and ", counted(all.size() - upgrades_max, "more package")}));
    if (upgrades.without_fix > 0)
        out.say("  ",
                said({counted(upgrades.without_fix, "blocking finding"),
                      upgrades.without_fix == 1 ? Fixed(" has") : Fixed(" have"),
                      " no known fix: leave the package out of the image, or let policy decide"}));
}

// Findings of the base image go with it.
void tell_newer_base(TerminalWriter& out, Record const& record) {
    auto const& base = record.image().base;
    if (!base || !base->is_below || !base->newest)
        return;
    auto const& newest = base->newest->text();
    auto const& findings = record.findings();
    auto const from_base = static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [](auto const& finding) {
            return finding.is_base_layer.value_or(false);
        }));
    if (from_base == 0 || base->reference.ends_with(newest))
        return;
    out.say("  ",
            said({"build again on the newer base image: ",
                  counted(from_base, "finding"),
                  from_base == 1 ? Fixed(" comes") : Fixed(" come"),
                  " from the old one"}));
}

} // namespace

void tell_dates(TerminalWriter& out, Record const& record) {
    std::vector<InertText> sentences, unused;
    for (auto const& use : record.account().exceptions) {
        bool const is_unused = use.state == "active" && use.matched == 0;
        if (!use.sentence.empty())
            (is_unused ? unused : sentences).push_back(out.safe(use.sentence));
    }
    if (!sentences.empty() || !unused.empty()) {
        out.title("Exceptions");
        some_of(out, sentences, "more, see -o json=FILE");
        some_of(out, unused, "more match nothing in this image (clairgate policy prune)");
    }
    auto const days = days_of(out, record);
    if (days.empty())
        return;
    out.title("Allowed today, blocking from");
    some_of(out, days, "later days, see -o json=FILE");
}

void tell_next_steps(TerminalWriter& out, Record const& record) {
    auto const upgrades = upgrades_of(record);
    std::set<std::string> blocking_coverage;
    bool is_stale = false;
    for (auto const& judged : record.account().coverage) {
        bool const is_blocking = judged.decision.effect == Effect::block;
        is_stale = is_stale || (is_blocking && judged.is_stale);
        if (is_blocking && !judged.is_stale)
            blocking_coverage.insert(judged.decision.origin.rule);
    }
    if (upgrades.findings == 0 && blocking_coverage.empty() && !is_stale)
        return;
    out.title("Next");
    tell_newer_base(out, record);
    tell_upgrades(out, upgrades);
    tell_first_exception(out, record);
    if (is_stale)
        out.say("  ",
                "refresh the vulnerability data (Clair's updaters, or clairgate data import), or "
                "let scan.max_data_age be longer");
    for (auto const& rule : blocking_coverage)
        out.say("  ",
                said({"if the image is meant to be like this: ",
                      out.safe(rule),
                      " = \"warn\" in global.toml"}));
}

} // namespace clairgate::report
