#include <clairgate/report/columns.hpp>
#include <clairgate/report/package_groups.hpp>
#include <clairgate/report/table_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

using policy::Effect;

constexpr std::size_t warned_groups_max = 40;
constexpr std::size_t warned_ids_max = 60; // with more, ids of warnings would bury what blocks
constexpr std::size_t binaries_max = 4;
constexpr std::size_t fixed_max = 10;

// "2 critical, 10 high", or "high" where all are
InertText severities_in_words(TerminalWriter const& out, PackageGroup const& group) {
    std::vector<InertText> words;
    for (auto const severity : finding::severities) {
        auto const count = group.severities.at(static_cast<std::size_t>(severity));
        auto const word = out.safe(finding::to_string(severity));
        if (count > 0)
            words.push_back(count == group.findings ? word : said({count, " ", word}));
    }
    return joined(words, ", ");
}

// "openssl 3.0.20-1 → 3.0.22-1 fixes 12 of 14"
InertText fix_line(TerminalWriter const& out, PackageGroup const& group) {
    auto const installed = said({out.safe(group.package), " ", out.safe(group.installed)});
    if (group.with_fix == 0)
        return said({installed, ": no fix known (", severities_in_words(out, group), ")"});
    auto const target = group.to.empty() ? Fixed("its newest version") : out.safe(group.to);
    return said({installed,
                 " ",
                 out.arrow(),
                 " ",
                 target,
                 " fixes ",
                 group.with_fix,
                 group.with_fix < group.findings ? said({" of ", group.findings}) : InertText(),
                 " (",
                 severities_in_words(out, group),
                 ")"});
}

// Which packages of the image are meant, where the source has another name.
InertText binaries_in_words(TerminalWriter const& out, PackageGroup const& group) {
    std::vector<InertText> names;
    for (auto const name : group.binaries)
        if (names.size() < binaries_max)
            names.push_back(out.safe(name));
    if (group.binaries.size() > binaries_max)
        names.push_back(said({group.binaries.size() - binaries_max, " more"}));
    return joined(names, ", ");
}

void tell_origin(TerminalWriter& out, PackageGroup const& group) {
    bool const is_same = group.binaries.size() == 1 && group.binaries.front() == group.package;
    if (!is_same)
        out.say("      installed as ", binaries_in_words(out, group), "        ");
    if (group.is_base && *group.is_base)
        out.line("      from the base image");
    else if (!group.instruction.empty())
        out.line(said({"      from ", out.safe(group.instruction, out.columns() - 11)}));
}

// Platforms are only told apart where not all have it.
InertText
platforms_in_words(TerminalWriter const& out, Record const& record, PlatformSet platforms) {
    auto const& all = record.scan().platforms;
    std::vector<InertText> names;
    for (std::size_t i = 0; i < all.size(); ++i)
        if ((platforms >> i & 1U) != 0)
            names.push_back(out.safe(all[i].platform));
    if (names.size() == all.size())
        return {};
    return said({" on ", joined(names, ", ")});
}

void tell_line(TerminalWriter& out, Record const& record, GroupLine const& line, bool is_mixed) {
    constexpr std::size_t severity_columns = 11;
    std::vector<InertText> ids;
    for (auto const id : line.ids)
        ids.push_back(out.safe(id));
    auto const word = finding::to_string(line.severity);
    auto const& rule = record.account().rules.at(line.rule).origin.rule;
    bool const is_plain_rule = rule.starts_with("severity.") && rule.substr(9) == word;
    bool const shows_new = record.comparison() && line.is_new;
    out.say(said({"    ", out.safe(fitted(word, severity_columns, true))}),
            said({joined(ids, ", "),
                  shows_new ? Fixed(" (new)") : Fixed(""),
                  is_mixed && !line.has_fix ? Fixed(" (no fix known)") : Fixed(""),
                  platforms_in_words(out, record, line.platforms),
                  is_plain_rule ? InertText() : said({" [", out.safe(rule), "]"})}),
            "               ");
}

void tell_group(TerminalWriter& out,
                Record const& record,
                PackageGroup const& group,
                bool is_whole) {
    out.say("  ", fix_line(out, group), "      ");
    if (!is_whole)
        return;
    tell_origin(out, group);
    bool const is_mixed = group.with_fix > 0 && group.with_fix < group.findings;
    for (auto const& line : group.lines)
        tell_line(out, record, line, is_mixed);
}

void tell_effect(TerminalWriter& out, Record const& record, Effect effect, Fixed name) {
    auto const groups = package_groups(record, effect);
    if (groups.empty())
        return;
    std::size_t findings = 0;
    for (auto const& group : groups)
        findings += group.findings;
    // What blocks is always shown whole; warnings of thousands would bury it.
    bool const is_blocking = effect == Effect::block;
    bool const is_whole = is_blocking || findings <= warned_ids_max;
    auto const shown_max = is_blocking ? groups.size() : warned_groups_max;
    out.title(said({name, " (", findings, ")"}));
    for (std::size_t i = 0; i < std::min(groups.size(), shown_max); ++i)
        tell_group(out, record, groups[i], is_whole);
    if (groups.size() > shown_max)
        out.line(said({"  and ",
                       counted(groups.size() - shown_max, "more package"),
                       " (see -o json=FILE or -o html=FILE)"}));
    else if (!is_whole)
        out.line("  (each with its id: -o json=FILE or -o html=FILE)");
}

} // namespace

void tell_findings(TerminalWriter& out, Record const& record) {
    tell_effect(out, record, Effect::block, "Blocking");
    tell_effect(out, record, Effect::warn, "Warnings");
}

void tell_comparison(TerminalWriter& out, Record const& record) {
    auto const& comparison = record.comparison();
    if (!comparison)
        return;
    auto const& findings = record.findings();
    auto const fresh = static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [](auto const& finding) { return finding.is_new; }));
    out.say("  ",
            said({"compared with ",
                  out.safe(comparison->baseline),
                  ": ",
                  fresh,
                  " new, ",
                  comparison->fixed.size(),
                  " fixed, ",
                  findings.size() - fresh,
                  " unchanged"}));
    if (comparison->fixed.empty())
        return;
    std::vector<InertText> gone;
    for (auto const& one : comparison->fixed)
        if (gone.size() < fixed_max)
            gone.push_back(said({out.safe(one.id), " in ", out.safe(one.package)}));
    if (comparison->fixed.size() > fixed_max)
        gone.push_back(said({comparison->fixed.size() - fixed_max, " more"}));
    out.say("  fixed: ", joined(gone, ", "));
}

} // namespace clairgate::report
