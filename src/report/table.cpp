#include <clairgate/base/text.hpp>
#include <clairgate/report/columns.hpp>
#include <clairgate/report/finding_rows.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/json.hpp>
#include <clairgate/report/upgrades.hpp>

#include <algorithm>
#include <set>

namespace clairgate::report {

namespace {

constexpr std::size_t warned_rows_max = 40;
constexpr std::size_t upgrades_max = 5;
constexpr std::size_t platforms_in_words_max = 4;

std::string counted(std::size_t count, std::string_view noun) {
    return cat(count, " ", noun, count == 1 ? "" : "s");
}

// Writes the report for people, top down: what was decided, what to do, on what grounds. Every
// text from outside goes through `safe`, is followed by a space, and never begins a line.
class Table {
  public:
    Table(Report const& report, RenderOptions const& options)
        : report_(report), options_(options) {}

    std::string text() {
        headline();
        if (report_.verdict) {
            shouts();
            counts();
            lacking_coverage();
            exceeded_budget();
            findings(policy::Effect::block, "Blocking");
            findings(policy::Effect::warn, "Warnings");
            next_steps();
            exceptions();
            out_ += "\n";
            rules();
            coverage();
        } else {
            say("  reason: ", safe(report_.undecided_reason), "          ");
        }
        policy_source();
        data_age();
        return std::move(out_);
    }

  private:
    policy::Verdict const& verdict() const {
        auto const& verdict = report_.verdict;
        CLAIRGATE_ASSERT(verdict.has_value());
        return *verdict;
    }

    std::string safe(std::string_view text) const { return inert(text, options_.is_utf8); }

    std::string coloured(std::string_view text, std::string_view sgr) const {
        if (!options_.has_colour)
            return std::string(text);
        return cat("\x1b[", sgr, "m", text, "\x1b[0m");
    }

    void say(std::string_view head, std::string_view sentence, std::string_view indent = "    ") {
        out_ += wrapped(head, sentence, options_.columns, indent);
    }

    void title(std::string_view text) { out_ += cat("\n", coloured(text, "1"), "\n"); }

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

    void counts() {
        auto const summary = summary_of(report_);
        std::size_t packages = 0;
        for (auto const& platform : report_.scan.platforms)
            packages += platform.packages;
        say("  ",
            cat(counted(report_.scan.findings.size(), "finding"),
                ": ",
                summary.block,
                " block, ",
                summary.warn,
                " warn, ",
                summary.allow,
                " allowed",
                summary.waived > 0 ? cat(" (", summary.waived, " by exceptions)") : std::string(),
                "; ",
                counted(packages, "package"),
                " on ",
                platforms_in_words()));
    }

    std::string platforms_in_words() const {
        auto const& platforms = report_.scan.platforms;
        if (platforms.size() > platforms_in_words_max)
            return counted(platforms.size(), "platform");
        std::vector<std::string> names;
        for (auto const& platform : platforms)
            names.push_back(safe(platform.platform));
        return join(names, ", ");
    }

    // Platforms of which Clair knows too little: like a finding, they may block.
    void lacking_coverage() {
        for (auto const& judged : verdict().coverage()) {
            if (judged.state == policy::CoverageState::covered)
                continue;
            auto const effect = judged.decision.effect;
            auto const head = effect == policy::Effect::block  ? "  blocks: "
                              : effect == policy::Effect::warn ? "  warning: "
                                                               : "  note: ";
            auto const& origin = judged.decision.origin;
            say(head,
                cat(safe(judged.platform),
                    judged.state == policy::CoverageState::partly ? " is partly covered: "
                                                                  : " is uncovered: ",
                    safe(judged.decision.sentence),
                    " (",
                    safe(place_of(origin)),
                    ")"));
        }
    }

    // What nobody may overlook: a gate that only reports, and glass that was broken.
    void shouts() {
        if (!report_.policy->scan.enforce.value)
            say("  NOT ENFORCED: ",
                cat("scan.enforce is report (",
                    safe(place_of(report_.policy->scan.enforce.origin)),
                    "): a block does not stop the deployment"));
        for (auto const& use : verdict().waivers()) {
            auto const& layer = report_.policy->layers.at(use.waiver.layer);
            if (layer.waivers.at(use.waiver.index).break_glass && use.waived > 0)
                say("  BREAK-GLASS: ", safe(use.sentence));
        }
    }

    void exceeded_budget() {
        for (auto const& one : verdict().budget())
            if (one.decision.effect == policy::Effect::block)
                say("  blocks: ",
                    cat(safe(one.decision.sentence),
                        " (",
                        safe(place_of(one.decision.origin)),
                        ")"));
    }

    void exceptions() {
        std::vector<std::string> sentences, unused;
        for (auto const& use : verdict().waivers()) {
            bool const is_unused =
                use.state == policy::WaiverUse::State::active && use.matched == 0;
            if (!use.sentence.empty())
                (is_unused ? unused : sentences).push_back(use.sentence);
        }
        auto const red = turning_red(report_);
        if (sentences.empty() && unused.empty() && red.empty())
            return;
        title("Exceptions");
        some_of(sentences, "more, see -o json=FILE");
        some_of(red, "more findings with an end, see -o json=FILE");
        some_of(unused, "more match nothing in this image (clairgate policy prune)");
    }

    void some_of(std::vector<std::string> const& sentences, std::string_view rest) {
        constexpr std::size_t shown_max = 10;
        for (std::size_t i = 0; i < std::min(sentences.size(), shown_max); ++i)
            say("  ", safe(sentences[i]));
        if (sentences.size() > shown_max)
            say("  and ", cat(sentences.size() - shown_max, " ", rest));
    }

    void findings(policy::Effect effect, std::string_view name) {
        auto const rows = finding_rows(report_, effect);
        if (rows.empty())
            return;
        // What blocks is always shown whole; warnings of thousands would bury it.
        auto const shown =
            effect == policy::Effect::block ? rows.size() : std::min(rows.size(), warned_rows_max);
        bool const has_platforms = report_.scan.platforms.size() > 1;
        std::vector<std::vector<std::string>> cells{
            {"SEVERITY", "PACKAGE", "INSTALLED", "FIXED IN", "ID"}};
        if (has_platforms)
            cells.front().emplace_back("PLATFORM");
        cells.front().emplace_back("RULE");
        std::size_t behind = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i < shown)
                cells.push_back(cells_of(rows[i], has_platforms));
            behind += rows[i].findings;
        }
        title(cat(name, " (", behind, ")"));
        out_ += fitted_rows(std::move(cells));
        if (shown < rows.size())
            out_ += cat(options_.is_utf8 ? "  … and " : "  ... and ",
                        rows.size() - shown,
                        " more (see -o json=FILE)\n");
    }

    std::vector<std::string> cells_of(FindingRow const& row, bool has_platforms) const {
        std::vector<std::string> cells{row.severity_text,
                                       safe(row.package),
                                       safe(row.installed),
                                       row.fixed_in.empty() ? "-" : safe(row.fixed_in),
                                       safe(row.id)};
        if (has_platforms) {
            bool const is_everywhere = row.platforms.size() == report_.scan.platforms.size();
            auto const& first = *row.platforms.begin();
            cells.push_back(is_everywhere               ? "all"
                            : row.platforms.size() == 1 ? short_platform(first)
                                                        : cat(row.platforms.size(), " of them"));
        }
        cells.push_back(safe(row.origin.rule));
        return cells;
    }

    // "linux/" says nothing where everything is: "arm64/v8".
    std::string short_platform(std::string_view platform) const {
        constexpr std::string_view usual = "linux/";
        auto const& all = report_.scan.platforms;
        bool const is_usual = std::all_of(all.begin(), all.end(), [&](auto const& scanned) {
            return scanned.platform.starts_with(usual);
        });
        return safe(is_usual ? platform.substr(usual.size()) : platform);
    }

    // People copy ids and fixed versions: those are cut last. The rule goes first, since the list
    // of rules names it too.
    std::string fitted_rows(std::vector<std::vector<std::string>> cells) const {
        constexpr std::string_view indent = "  ";
        auto const natural = widths_of(cells, SIZE_MAX, indent);
        std::size_t needed = indent.size();
        for (auto const width : natural)
            needed += width + 2;
        if (needed > options_.columns + 2)
            for (auto& row : cells)
                row.pop_back();
        static constexpr Yield yields[] = {
            {4, 24}, {2, 16}, {1, 18}, {3, 16}, {2, 10}, {1, 14}, {3, 13}, {2, 9}, {1, 12}};
        return aligned(cells, options_.columns, indent, options_.is_utf8, yields);
    }

    void next_steps() {
        auto const upgrades = upgrades_of(report_);
        std::set<std::string> blocking_coverage;
        bool is_stale = false;
        for (auto const& judged : verdict().coverage()) {
            bool const is_blocking = judged.decision.effect == policy::Effect::block;
            is_stale = is_stale || (is_blocking && judged.is_stale);
            if (is_blocking && !judged.is_stale)
                blocking_coverage.insert(safe(judged.decision.origin.rule));
        }
        if (upgrades.blocking == 0 && blocking_coverage.empty() && !is_stale)
            return;
        title("Next");
        for (std::size_t i = 0; i < std::min(upgrades.upgrades.size(), upgrades_max); ++i) {
            auto const& upgrade = upgrades.upgrades[i];
            say("  ",
                cat("upgrade ",
                    safe(upgrade.package),
                    upgrade.to.empty() ? " to its newest version" : cat(" to ", safe(upgrade.to)),
                    " (clears ",
                    upgrade.clears,
                    " of ",
                    upgrades.blocking,
                    ")"));
        }
        if (upgrades.upgrades.size() > upgrades_max)
            out_ += cat(
                "  and ", counted(upgrades.upgrades.size() - upgrades_max, "more package"), "\n");
        if (upgrades.without_fix > 0)
            say("  ",
                cat(counted(upgrades.without_fix, "blocking finding"),
                    upgrades.without_fix == 1 ? " has" : " have",
                    " no known fix: leave the package out of the image, or let policy decide"));
        first_exception();
        if (is_stale)
            say("  ",
                "refresh the vulnerability data (Clair's updaters, or clairgate data import), or "
                "let scan.max_data_age be longer");
        for (auto const& rule : blocking_coverage)
            say("  ",
                cat("if the image is meant to be like this: ", rule, " = \"warn\" in global.toml"));
    }

    // Ready to be copied; of the worst finding that blocks, the others are alike.
    void first_exception() {
        auto const worst = worst_blocking(report_);
        if (!worst)
            return;
        if (auto const& lock = verdict().decisions()[*worst].pinned_by)
            return say("  ",
                       cat("no exception of an application lifts ",
                           safe(policy::text_of(*report_.policy, *lock)),
                           " (",
                           safe(place_of(policy::origin_of(*report_.policy, *lock))),
                           ")"));
        out_ += "  or, if it is acceptable, an exception in your application's policy file:\n";
        auto const snippet = policy::exception_snippet(report_.scan.findings[*worst]);
        for (auto const line : split(trim(snippet), '\n'))
            out_ += cat("    ", safe(line), "\n");
    }

    // What decided, once for all lines that name it.
    void rules() {
        if (report_.policy->files.empty())
            return; // the policy's own line says them all
        std::vector<std::string> named;
        std::vector<policy::OpinionRef> seen;
        for (auto const& decision : verdict().decisions()) {
            auto const opinion = decision.lock ? *decision.lock : decision.by;
            if (decision.effect == policy::Effect::allow ||
                std::find(seen.begin(), seen.end(), opinion) != seen.end())
                continue;
            seen.push_back(opinion);
            auto text = cat(safe(policy::text_of(*report_.policy, opinion)),
                            " (",
                            safe(place_of(policy::origin_of(*report_.policy, opinion))),
                            ")");
            if (std::find(named.begin(), named.end(), text) == named.end())
                named.push_back(std::move(text));
        }
        if (!named.empty())
            say("Rules: ", join(named, ", "));
    }

    void coverage() {
        std::vector<std::string> covered;
        for (auto const& judged : verdict().coverage())
            if (judged.state == policy::CoverageState::covered)
                covered.push_back(safe(judged.platform));
        auto const all = verdict().coverage().size();
        if (covered.empty())
            out_ += "Coverage: none\n";
        else if (covered.size() == all)
            out_ += "Coverage: Clair has data for all packages found\n";
        else
            say("Coverage: ", cat("Clair has data for all packages of ", join(covered, ", ")));
    }

    void policy_source() {
        auto const& policy = *report_.policy;
        if (policy.files.empty())
            say("Policy: ",
                "built-in (critical blocks, high blocks if fixed, the rest warns); yours goes to "
                ".clairgate/policy/global.toml");
        for (auto const& file : policy.files)
            out_ += cat("Policy: ", safe(file.path), "  ", safe(file.digest.substr(0, 19)), "\n");
        if (!policy.files.empty() && policy.source != "folder")
            say("Policy source: ", safe(policy.source));
        for (auto const& note : policy.notes)
            say("Note: ", safe(note.text));
    }

    void data_age() {
        auto newest = report_.scan.scanner.data_date;
        if (!newest)
            for (auto const& updater : report_.scan.scanner.updaters)
                newest = std::max(newest, std::optional(updater.date));
        if (!newest) {
            out_ += "Data: age not known\n";
            return;
        }
        auto const age = report_.run.finished - *newest;
        out_ += cat("Data: of ",
                    to_rfc3339(*newest),
                    age > std::chrono::seconds(0)
                        ? cat(", ", clairgate::to_string(Duration(age)), " old at the scan")
                        : std::string(),
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
