#include <clairgate/report/formats.hpp>
#include <clairgate/report/markdown_parts.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

using policy::Effect;

// A step summary of more than 1 MiB is dropped as a whole.
constexpr MarkdownLimits summary_limits{.changes_end = 300'000,
                                        .blocking_end = 600'000,
                                        .warnings_end = 750'000,
                                        .lists_end = 850'000,
                                        .rows_max = 1000,
                                        .lines_max = 100,
                                        .url_bytes_max = 2048};
// A comment has at most 65,536 characters.
constexpr MarkdownLimits comment_limits{.changes_end = 24'000,
                                        .blocking_end = 40'000,
                                        .warnings_end = 46'000,
                                        .lists_end = 52'000,
                                        .rows_max = 50,
                                        .lines_max = 10,
                                        .url_bytes_max = 300};
constexpr std::size_t sentences_max = 5; // of coverage and budget each
constexpr std::size_t reference_bytes_max = 1000;

class Markdown {
  public:
    Markdown(Record const& record, MarkdownLimits const& limits, Out& out)
        : record_(record), limits_(limits), out_(out) {}

    void hidden_marker() {
        out_.hidden(
            "clairgate:comment", record_.reference().repository().text(), record_.context());
    }

    void write() {
        headline();
        image();
        if (!record_.is_decided()) {
            undecided();
            return write_grounds(out_, record_, limits_);
        }
        shouts();
        write_changes(out_, record_, limits_);
        write_first_steps(out_, record_, limits_);
        findings();
        write_dates(out_, record_, limits_);
        write_grounds(out_, record_, limits_);
    }

  private:
    void headline() {
        if (!record_.is_decided())
            return out_.text("## ❓ Undecided\n\n");
        switch (record_.account().effect.value_or(Effect::block)) {
        case Effect::block:
            return out_.text("## ⛔ Blocked\n\n");
        case Effect::warn:
            return out_.text("## 🟡 Allowed with warnings\n\n");
        case Effect::allow:
            return out_.text("## ✅ Allowed\n\n");
        }
    }

    void image() {
        out_.text("Image ");
        out_.code(record_.reference().text(), reference_bytes_max);
        for (auto const& [key, value] : record_.context()) {
            out_.text(", ");
            out_.code(key, markdown_version_bytes_max);
            out_.text(" ");
            out_.code(value, markdown_name_bytes_max);
        }
        out_.text("\n\n");
        if (!record_.is_decided())
            return;
        auto const& summary = record_.account().summary;
        out_.text("**");
        out_.count(record_.findings().size(), "finding");
        out_.text("**: ");
        out_.number(summary.block);
        out_.text(" block, ");
        out_.number(summary.warn);
        out_.text(" warn, ");
        out_.number(summary.allow);
        out_.text(" allowed");
        if (summary.waived > 0) {
            out_.text(" (");
            out_.number(summary.waived);
            out_.text(" by exceptions)");
        }
        packages();
    }

    void packages() {
        constexpr std::size_t platforms_max = 4;
        auto const& platforms = record_.scan().platforms;
        std::size_t packages = 0;
        for (auto const& platform : platforms)
            packages += platform.packages;
        out_.text("; ");
        out_.count(packages, "package");
        out_.text(" on ");
        if (platforms.size() > platforms_max) {
            out_.count(platforms.size(), "platform");
        } else {
            for (auto const& platform : platforms) {
                if (&platform != platforms.data())
                    out_.text(", ");
                out_.code(platform.platform, markdown_version_bytes_max);
            }
        }
        out_.text("\n");
    }

    void undecided() {
        out_.text("**Nothing was decided about this image, so it does not pass.** Reason: ");
        out_.code(record_.undecided_reason(), 2 * markdown_sentence_bytes_max);
        out_.text("\n");
        if (record_.findings().empty())
            return;
        out_.text("\n");
        out_.count(record_.findings().size(), "finding");
        out_.text(" of the scan, none of them judged.\n");
    }

    // What nobody may overlook.
    void shouts() {
        auto const& policy = record_.account().policy;
        if (!policy.is_enforced) {
            out_.text("\n> **Not enforced**: `scan.enforce` is `report`");
            if (auto const& origin = policy.not_enforced_by) {
                out_.text(" (");
                out_.code(policy::place_of(*origin), markdown_sentence_bytes_max);
                out_.text(")");
            }
            out_.text(", so a block does not stop the deployment.\n");
        }
        std::size_t broken = 0;
        for (auto const& use : record_.account().exceptions) {
            if (!use.is_break_glass || use.waived == 0)
                continue;
            if (is_full() || broken++ >= sentences_max)
                break;
            out_.text("\n> **Break-glass**: ");
            out_.code(use.sentence, markdown_sentence_bytes_max);
            out_.text("\n");
        }
        std::size_t told = 0;
        for (auto const& judged : record_.account().coverage)
            if (judged.decision.effect != Effect::allow)
                judgement(judged.decision, judged.platform, told);
        told = 0;
        for (auto const& judged : record_.account().budget)
            if (judged.decision.effect != Effect::allow)
                judgement(judged.decision, {}, told);
        if (missing_ == 0)
            return;
        out_.text("\n");
        out_.number(missing_);
        out_.text(" more like these, see `-o json=FILE`\n");
    }
    bool is_full() const { return out_.bytes() > limits_.changes_end / 2; }

    void judgement(policy::Judgement const& judged, std::string_view platform, std::size_t& told) {
        if (is_full() || told >= sentences_max) {
            ++missing_;
            return;
        }
        ++told;
        out_.text("\n");
        if (judged.effect == Effect::block)
            out_.text("**Blocks**: ");
        else
            out_.text("Warns: ");
        if (!platform.empty()) {
            out_.code(platform, markdown_version_bytes_max);
            out_.text(" ");
        }
        out_.code(judged.sentence, markdown_sentence_bytes_max);
        out_.text(" (");
        out_.code(policy::place_of(judged.origin), markdown_sentence_bytes_max);
        out_.text(")\n");
    }

    // With a baseline, what is new was told before.
    void findings() {
        bool const is_compared = record_.comparison().has_value();
        auto const only = is_compared ? std::optional(false) : std::nullopt;
        auto const blocking = worst_first(record_, Effect::block, only);
        auto const warned = worst_first(record_, Effect::warn, only);
        if (!blocking.empty()) {
            out_.text("\n### Blocking");
            if (is_compared)
                out_.text(", as before");
            out_.text(" (");
            out_.number(blocking.size());
            out_.text(")\n");
            write_findings(out_, record_, blocking, limits_, limits_.blocking_end);
        }
        if (!warned.empty()) {
            out_.text("\n<details><summary>Warnings");
            if (is_compared)
                out_.text(", as before");
            out_.text(" (");
            out_.number(warned.size());
            out_.text(")</summary>\n");
            write_findings(out_, record_, warned, limits_, limits_.warnings_end);
            out_.text("\n</details>\n");
        }
        if (record_.findings().empty())
            out_.text("\nNo known vulnerability was found.\n");
    }

    Record const& record_;
    MarkdownLimits const& limits_;
    MarkdownWriter out_;
    std::size_t missing_ = 0; // judgements left out
};

} // namespace

void render_markdown(Record const& record, RenderOptions const&, Out& out) {
    Markdown(record, summary_limits, out).write();
}

void render_comment(Record const& record, RenderOptions const&, Out& out) {
    Markdown markdown(record, comment_limits, out);
    markdown.hidden_marker();
    markdown.write();
}

} // namespace clairgate::report
