#include <clairgate/report/markdown_parts.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace clairgate::report {

namespace {

constexpr std::size_t platforms_max = 3; // of one row

void write_severity(MarkdownWriter& out, finding::Finding const& finding) {
    out.severity(finding.severity);
    if (finding.severity_source != "cvss" || finding.cvss.empty())
        return;
    auto const score = finding.cvss.front().score;
    if (!std::isfinite(score) || score < 0 || score > 10)
        return;
    auto const tenths = static_cast<std::size_t>(score * 10 + 0.5);
    out.text(" ");
    out.number(tenths / 10);
    out.text(".");
    out.number(tenths % 10);
}

// A link to an issue or a change would show up there as a mention of it.
std::string_view link_of(finding::Finding const& finding) {
    for (auto const& link : finding.links)
        if (link.starts_with("https://") && !is_noticed_by_target(link))
            return link;
    return {};
}

class Rows {
  public:
    Rows(MarkdownWriter& out, Record const& record, std::size_t url_bytes_max)
        : out_(out), record_(record), url_bytes_max_(url_bytes_max),
          has_platforms_(record.scan().platforms.size() > 1),
          has_origins_(std::any_of(
              record.findings().begin(), record.findings().end(), [&](auto const& finding) {
                  return finding.is_base_layer || !record.instruction(finding).empty();
              })) {}

    void head() {
        out_.text("\n| Severity | Package | Installed | Fixed in | Advisory |");
        if (has_platforms_)
            out_.text(" Platform |");
        if (has_origins_)
            out_.text(" Brought in by |");
        out_.text("\n| --- | --- | --- | --- | --- |");
        if (has_platforms_)
            out_.text(" --- |");
        if (has_origins_)
            out_.text(" --- |");
        out_.text("\n");
    }

    void row(std::span<std::uint32_t const> same) {
        auto const& finding = record_.findings()[same.front()];
        out_.text("| ");
        write_severity(out_, finding);
        out_.text(" | ");
        out_.code(finding.package.name, markdown_name_bytes_max);
        out_.text(" | ");
        out_.code(finding.package.version, markdown_version_bytes_max);
        out_.text(" | ");
        if (finding.fixed_version.empty())
            out_.text("no fix known");
        else
            out_.code(finding.fixed_version, markdown_version_bytes_max);
        out_.text(" | ");
        out_.link(finding.id, markdown_name_bytes_max, link_of(finding), url_bytes_max_);
        if (has_platforms_)
            platforms(same);
        if (has_origins_)
            origin(finding);
        out_.text(" |\n");
    }

  private:
    void platforms(std::span<std::uint32_t const> same) {
        std::vector<std::string_view> names;
        for (auto const i : same) {
            std::string_view const name = record_.findings()[i].platform;
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
        out_.text(" | ");
        if (names.size() == record_.scan().platforms.size())
            return out_.text("all");
        for (std::size_t i = 0; i < std::min(names.size(), platforms_max); ++i) {
            if (i > 0)
                out_.text(", ");
            out_.code(names[i], markdown_version_bytes_max);
        }
        if (names.size() > platforms_max) {
            out_.text(" and ");
            out_.number(names.size() - platforms_max);
            out_.text(" more");
        }
    }

    void origin(finding::Finding const& finding) {
        out_.text(" | ");
        if (finding.is_base_layer.value_or(false))
            out_.text("base image");
        auto const instruction = record_.instruction(finding);
        if (instruction.empty())
            return;
        if (finding.is_base_layer.value_or(false))
            out_.text(": ");
        out_.code(instruction, markdown_name_bytes_max);
    }

    MarkdownWriter& out_;
    Record const& record_;
    std::size_t url_bytes_max_;
    bool has_platforms_;
    bool has_origins_;
};

void write_fixed(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    auto const& compared = record.comparison();
    CLAIRGATE_ASSERT(compared.has_value());
    auto const& fixed = compared->fixed;
    if (fixed.empty())
        return;
    out.text("\n<details><summary>Fixed (");
    out.number(fixed.size());
    out.text(")</summary>\n\n");
    std::size_t lines = 0;
    for (auto const& one : fixed) {
        if (lines == limits.lines_max || out.bytes() >= limits.changes_end)
            break;
        out.text("- ");
        out.severity(one.severity);
        out.text(": ");
        out.code(one.id, markdown_name_bytes_max);
        out.text(" in ");
        out.code(one.package, markdown_name_bytes_max);
        out.text(" ");
        out.code(one.installed, markdown_version_bytes_max);
        if (record.scan().platforms.size() > 1) {
            out.text(" on ");
            out.code(one.platform, markdown_version_bytes_max);
        }
        out.text("\n");
        ++lines;
    }
    if (lines < fixed.size()) {
        out.text("- ");
        out.number(fixed.size() - lines);
        out.text(" more, see `-o json=FILE`\n");
    }
    out.text("\n</details>\n");
}

} // namespace

void write_findings(MarkdownWriter& out,
                    Record const& record,
                    Positions const& positions,
                    MarkdownLimits const& limits,
                    std::size_t end) {
    Rows rows(out, record, limits.url_bytes_max);
    rows.head();
    auto rest = std::span(positions);
    for (std::size_t i = 0; i < limits.rows_max && !rest.empty() && out.bytes() < end; ++i) {
        auto const same = alike(record, rest);
        rows.row(rest.first(same));
        rest = rest.subspan(same);
    }
    if (rest.empty())
        return;
    out.text("\n**");
    out.count(rest.size(), "more finding");
    out.text("**, see `-o json=FILE`\n");
}

void write_changes(MarkdownWriter& out, Record const& record, MarkdownLimits const& limits) {
    auto const& compared = record.comparison();
    if (!compared)
        return;
    auto const& findings = record.findings();
    auto const fresh = static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [](auto const& finding) { return finding.is_new; }));
    out.text("\n### What changed\n\n**");
    out.number(fresh);
    out.text(" new**, **");
    out.number(compared->fixed.size());
    out.text(" fixed**, ");
    out.number(findings.size() - fresh);
    out.text(" unchanged since ");
    out.code(compared->baseline, markdown_sentence_bytes_max);
    out.text("\n");
    auto const blocking = worst_first(record, policy::Effect::block, true);
    if (!blocking.empty()) {
        out.text("\n**New and blocking (");
        out.number(blocking.size());
        out.text(")**\n");
        write_findings(out, record, blocking, limits, limits.changes_end);
    }
    auto const warned = worst_first(record, policy::Effect::warn, true);
    if (!warned.empty()) {
        out.text("\n<details><summary>New warnings (");
        out.number(warned.size());
        out.text(")</summary>\n");
        write_findings(out, record, warned, limits, limits.changes_end);
        out.text("\n</details>\n");
    }
    write_fixed(out, record, limits);
}

} // namespace clairgate::report
