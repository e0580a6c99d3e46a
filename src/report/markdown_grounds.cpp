#include <clairgate/report/markdown_parts.hpp>
#include <clairgate/report/upgrades.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t upgrades_max = 10;

void write_more(MarkdownWriter& out, std::size_t missing) {
    if (missing == 0)
        return;
    out.text("- ");
    out.number(missing);
    out.text(" more, see `-o json=FILE`\n");
}

void write_upgrade(MarkdownWriter& out, Upgrade const& upgrade) {
    out.text("1. Upgrade ");
    out.code(upgrade.package, markdown_name_bytes_max);
    if (!upgrade.installed.empty()) {
        out.text(" ");
        out.code(upgrade.installed, markdown_version_bytes_max);
    }
    if (upgrade.to.empty()) {
        out.text(" to its newest version");
    } else {
        out.text(" to ");
        out.code(upgrade.to, markdown_version_bytes_max);
    }
    out.text(": clears ");
    out.number(upgrade.clears);
    bool is_first = true;
    for (auto const severity : finding::severities) {
        auto const count = upgrade.severities.at(static_cast<std::size_t>(severity));
        if (count == 0)
            continue;
        if (is_first)
            out.text(" (");
        else
            out.text(", ");
        is_first = false;
        out.number(count);
        out.text(" ");
        out.severity(severity);
    }
    if (!is_first)
        out.text(")");
    out.text("\n");
}

// Findings of the base image go with it.
void write_newer_base(MarkdownWriter& out, Record const& record) {
    auto const& base = record.image().base;
    if (!base || !base->is_below || !base->newest ||
        base->reference.ends_with(base->newest->text()))
        return;
    auto const& findings = record.findings();
    auto const below = static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [](auto const& finding) {
            return finding.is_base_layer.value_or(false);
        }));
    if (below == 0)
        return;
    out.text("1. Build again on the newer base image (");
    out.code(base->newest->text(), 2 * markdown_name_bytes_max);
    out.text("): ");
    out.count(below, "finding");
    out.text(" from the one below\n");
}

void write_exception(MarkdownWriter& out, ExceptionUse const& use) {
    constexpr std::size_t ids_max = 3;
    out.text("- ");
    if (use.is_break_glass)
        out.text("**break-glass** ");
    for (std::size_t i = 0; i < std::min(use.ids.size(), ids_max); ++i) {
        if (i > 0)
            out.text(", ");
        out.code(use.ids[i], markdown_name_bytes_max);
    }
    if (use.ids.size() > ids_max) {
        out.text(" and ");
        out.number(use.ids.size() - ids_max);
        out.text(" more");
    }
    if (use.ids.empty())
        out.code(use.origin.rule, markdown_name_bytes_max);
    if (!use.expires.empty()) {
        out.text(" until ");
        out.code(use.expires, markdown_version_bytes_max);
        if (use.expires_soon)
            out.text(" **(ends soon)**");
    }
    if (use.state == "expired")
        out.text(" **(has ended)**");
    else if (use.state == "not-yet")
        out.text(" (not yet begun)");
    else if (use.state == "refused")
        out.text(" **(refused)**");
    if (!use.owner.empty()) {
        out.text(" by ");
        out.code(use.owner, markdown_name_bytes_max);
    }
    out.text(", lets through ");
    out.number(use.waived);
    if (!use.reason.empty()) {
        out.text(": ");
        out.code(use.reason, markdown_sentence_bytes_max);
    }
    out.text("\n");
}

void write_exceptions(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    std::vector<ExceptionUse const*> told;
    std::size_t unused = 0;
    for (auto const& use : record.account().exceptions) {
        if (use.matched > 0)
            told.push_back(&use);
        else
            ++unused;
    }
    if (told.empty() && unused == 0)
        return;
    out.text("\n### Exceptions\n\n");
    std::size_t lines = 0;
    while (lines < told.size() && has_room(out, limits, lines))
        write_exception(out, *told[lines++]);
    write_more(out, told.size() - lines);
    if (unused > 0) {
        out.text("- ");
        out.number(unused);
        out.text(" of the policy match nothing in this image\n");
    }
}

void write_rules(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    auto const& rules = record.account().rules;
    std::vector<bool> is_named(rules.size());
    for (auto const& decided : record.account().decisions)
        if (decided.action != policy::Effect::allow)
            is_named.at(decided.by()) = true;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!is_named[i])
            continue;
        if (!has_room(out, limits, lines++))
            return out.text("- more rules, see `-o json=FILE`\n");
        out.text("- Rule ");
        out.code(rules[i].text, markdown_sentence_bytes_max);
        out.text(" (");
        out.code(policy::place_of(rules[i].origin), markdown_sentence_bytes_max);
        out.text(")\n");
    }
}

void write_policy(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    auto const& policy = record.account().policy;
    if (policy.files.empty())
        out.text("- Policy: built-in (critical blocks, high blocks if fixed, the rest warns)\n");
    std::size_t lines = 0;
    for (auto const& file : policy.files) {
        if (!has_room(out, limits, lines))
            break;
        out.text("- Policy ");
        out.code(file.path, markdown_sentence_bytes_max);
        out.text(" ");
        out.code(std::string_view(file.digest).substr(0, 19), markdown_version_bytes_max);
        out.text("\n");
        ++lines;
    }
    write_more(out, policy.files.size() - lines);
    lines = 0;
    for (auto const& note : policy.notes) {
        if (!has_room(out, limits, lines++))
            return write_more(out, policy.notes.size() - lines + 1);
        out.text("- Note: ");
        out.code(note, markdown_sentence_bytes_max);
        out.text("\n");
    }
}

void write_data(MarkdownWriter& out, Record const& record) {
    auto const date = record.data_date();
    if (!date)
        return out.text("- Vulnerability data: age not known\n");
    out.text("- Vulnerability data of ");
    out.date(*date);
    auto const age = std::chrono::floor<std::chrono::days>(record.run().finished - *date).count();
    if (age > 0) {
        out.text(", ");
        out.count(static_cast<std::size_t>(age), "day");
        out.text(" old at the scan");
    }
    out.text("\n");
}

} // namespace

void write_first_steps(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    auto const upgrades = upgrades_of(record);
    if (upgrades.findings == 0)
        return;
    out.text("\n### What to do first\n\n");
    write_newer_base(out, record);
    auto const& all = upgrades.upgrades;
    std::size_t lines = 0;
    while (lines < std::min(all.size(), upgrades_max) && has_room(out, limits, lines))
        write_upgrade(out, all[lines++]);
    write_more(out, all.size() - lines);
    if (upgrades.without_fix == 0)
        return;
    out.text("\n");
    out.count(upgrades.without_fix, "blocking finding");
    out.text(" without a known fix: leave the package out of the image, or let policy decide.\n");
}

void write_dates(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    write_exceptions(out, record, limits);
    auto const red = turning_red(record);
    if (red.empty())
        return;
    out.text("\n### Allowed today, blocking later\n\n");
    std::size_t lines = 0;
    for (auto const& one : red) {
        if (!has_room(out, limits, lines))
            break;
        out.text("- ");
        out.date(one.when);
        out.text(": ");
        out.code(one.id, markdown_name_bytes_max);
        out.text(" in ");
        out.code(one.package, markdown_name_bytes_max);
        out.text("\n");
        ++lines;
    }
    write_more(out, red.size() - lines);
}

void write_grounds(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    if (record.is_decided())
        out.text("\n<details><summary>How this was decided</summary>\n\n");
    else
        out.text("\n<details><summary>Policy and data</summary>\n\n");
    write_rules(out, record, limits);
    write_policy(out, record, limits);
    write_data(out, record);
    out.text("- clairgate ");
    out.code(record.clairgate_version(), markdown_version_bytes_max);
    out.text("\n\n</details>\n");
}

} // namespace clairgate::report
