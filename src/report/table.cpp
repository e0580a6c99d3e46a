#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace clairgate::report {

namespace {

constexpr std::size_t warned_lines_max = 40;
constexpr std::size_t upgrades_max = 5;

class Table {
  public:
    Table(Report const& report, RenderOptions const& options)
        : report_(report), options_(options) {}

    std::string text() {
        headline();
        if (report_.verdict) {
            coverage();
            findings(policy::Effect::block, "Blocking");
            findings(policy::Effect::warn, "Warnings");
            counts();
            next_steps();
        } else {
            out_ += cat("  reason: ", safe(report_.undecided_reason), "\n");
        }
        sources();
        return std::move(out_);
    }

  private:
    std::string safe(std::string_view text) const { return inert(text, options_.is_utf8); }

    std::string coloured(std::string_view text, std::string_view sgr) const {
        if (!options_.has_colour)
            return std::string(text);
        return cat("\x1b[", sgr, "m", text, "\x1b[0m");
    }

    void headline() {
        struct Look {
            std::string_view verdict, word, sgr;
        };
        static constexpr Look looks[] = {{"pass", "ALLOWED", "1;32"},
                                         {"warn", "ALLOWED with warnings", "1;33"},
                                         {"block", "BLOCKED", "1;31"},
                                         {"undecided", "UNDECIDED", "1;35"}};
        auto const word = verdict_word(report_);
        auto const* const look = std::find_if(
            std::begin(looks), std::end(looks), [&](Look const& l) { return l.verdict == word; });
        out_ += cat(coloured(look->word, look->sgr), "  ", safe(report_.reference.text()), "\n");
    }

    void coverage() {
        for (auto const& judged : report_.verdict->coverage())
            if (judged.state != policy::CoverageState::covered)
                out_ += cat(
                    "  ",
                    judged.decision.effect == policy::Effect::block ? "blocks: " : "warning: ",
                    safe(judged.platform),
                    " is ",
                    judged.state == policy::CoverageState::partly ? "partly covered" : "uncovered",
                    ": ",
                    safe(judged.decision.sentence),
                    "\n");
    }

    // Findings of one effect, worst first; Debian's many binary packages of one source stand
    // together.
    std::vector<std::size_t> selected(policy::Effect effect) const {
        std::vector<std::size_t> picked;
        for (std::size_t i = 0; i < report_.scan.findings.size(); ++i)
            if (report_.verdict->decisions()[i].effect == effect)
                picked.push_back(i);
        std::stable_sort(picked.begin(), picked.end(), [this](std::size_t a, std::size_t b) {
            return report_.scan.findings[a].severity > report_.scan.findings[b].severity;
        });
        return picked;
    }

    void findings(policy::Effect effect, std::string_view title) {
        auto const picked = selected(effect);
        if (picked.empty())
            return;
        bool const has_platforms = report_.scan.platforms.size() > 1;
        auto const shown = effect == policy::Effect::block
                               ? picked.size()
                               : std::min(picked.size(), warned_lines_max);
        std::vector<std::vector<std::string>> rows;
        rows.push_back({"SEVERITY", "PACKAGE", "INSTALLED", "FIXED IN", "ID", "RULE"});
        for (std::size_t n = 0; n < shown; ++n)
            rows.push_back(row_of(picked[n], has_platforms));
        out_ += cat("\n", title, " (", picked.size(), ")\n");
        out_ += aligned(rows, options_.columns, "  ", options_.is_utf8);
        if (shown < picked.size())
            out_ += cat("  and ", picked.size() - shown, " more: -o json=FILE has them all\n");
    }

    std::vector<std::string> row_of(std::size_t index, bool has_platforms) const {
        auto const& finding = report_.scan.findings[index];
        auto const& decision = report_.verdict->decisions()[index];
        auto severity = std::string(finding::to_string(finding.severity));
        if (finding.severity_source == "cvss" && !finding.cvss.empty()) {
            auto const tenths = static_cast<int>(finding.cvss.front().score * 10 + 0.5);
            severity += cat(" ", tenths / 10, ".", tenths % 10);
        }
        auto package = safe(finding.package.name);
        if (has_platforms)
            package += cat(" (", safe(finding.platform), ")");
        auto rule = decision.origin.rule;
        if (!decision.origin.file.empty())
            rule += cat(" ", safe(decision.origin.file), ":", decision.origin.line);
        return {std::move(severity),
                std::move(package),
                safe(finding.package.version),
                finding.fixed_version.empty() ? "-" : safe(finding.fixed_version),
                safe(finding.id),
                std::move(rule)};
    }

    void counts() {
        auto const summary = summary_of(report_);
        std::size_t packages = 0;
        for (auto const& platform : report_.scan.platforms)
            packages += platform.packages;
        out_ += cat("\n",
                    packages,
                    packages == 1 ? " package, " : " packages, ",
                    report_.scan.findings.size(),
                    " findings: ",
                    summary.block,
                    " block, ",
                    summary.warn,
                    " warn, ",
                    summary.allow,
                    " allowed\n");
    }

    // Which upgrades lift most of what blocks.
    void next_steps() {
        std::map<std::pair<std::string, std::string>, std::set<std::string>> upgrades;
        for (auto const index : selected(policy::Effect::block)) {
            auto const& finding = report_.scan.findings[index];
            auto const& name = finding.package.source_name.empty() ? finding.package.name
                                                                   : finding.package.source_name;
            if (!finding.fixed_version.empty())
                upgrades[{name, finding.package.version}].insert(finding.id);
        }
        if (upgrades.empty())
            return;
        using Entry = std::pair<std::pair<std::string, std::string>, std::set<std::string>>;
        std::vector<Entry> sorted(upgrades.begin(), upgrades.end());
        std::stable_sort(sorted.begin(), sorted.end(), [](Entry const& a, Entry const& b) {
            return a.second.size() > b.second.size();
        });
        out_ += "Next: ";
        for (std::size_t i = 0; i < std::min(sorted.size(), upgrades_max); ++i)
            out_ += cat(i == 0 ? "upgrade " : ", ",
                        safe(sorted[i].first.first),
                        " (lifts ",
                        sorted[i].second.size(),
                        ")");
        if (sorted.size() > upgrades_max)
            out_ += cat(" and ", sorted.size() - upgrades_max, " more packages");
        out_ += "\n";
    }

    void sources() {
        auto const& policy = report_.policy;
        if (policy.files.empty())
            out_ += "Policy: built-in (critical blocks, high blocks if fixed, the rest warns); "
                    "write .clairgate/policy/global.toml for your own\n";
        for (auto const& file : policy.files)
            out_ += cat("Policy: ", safe(file.path), "  ", file.digest.substr(0, 19), "\n");
        std::optional<SystemTime> newest = report_.scan.scanner.data_date;
        for (auto const& updater : report_.scan.scanner.updaters)
            if (!report_.scan.scanner.data_date && (!newest || *newest < updater.date))
                newest = updater.date;
        out_ += cat("Data: ",
                    newest ? cat("of ", to_rfc3339(*newest)) : std::string("age not known"),
                    "\n");
    }

    Report const& report_;
    RenderOptions const& options_;
    std::string out_;
};

} // namespace

std::string render_table(Report const& report, RenderOptions const& options) {
    return Table(report, options).text();
}

} // namespace clairgate::report
