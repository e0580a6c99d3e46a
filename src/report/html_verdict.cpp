#include <clairgate/report/html_parts.hpp>

#include <algorithm>
#include <chrono>

namespace clairgate::report {

namespace {

using policy::Effect;

constexpr std::size_t platforms_shown = 5;

struct Words {
    Fixed word, mark, lead;
};

Words words_of(Record const& record) {
    auto const& effect = record.account().effect;
    if (!effect)
        return {"Undecided", "?", "Nothing was decided about this image. That is not a pass."};
    bool const is_clean = record.findings().empty();
    switch (*effect) {
    case Effect::allow:
        return {"Allowed",
                "✓",
                is_clean ? Fixed("Nothing was found that policy objects to.")
                         : Fixed("Policy allows everything that was found.")};
    case Effect::warn:
        return {"Allowed with warnings", "!", "Nothing blocks; some of it should be looked at."};
    case Effect::block:
        break;
    }
    return {"Blocked", "✕", "Policy does not let this image through."};
}

void ground(HtmlWriter& html,
            policy::Judgement const& judged,
            policy::CoverageDecision const* coverage) {
    if (judged.effect == Effect::allow)
        return;
    html.markup(judged.effect == Effect::block ? Fixed("<li data-a=\"block\"><b>Blocks:</b> ")
                                               : Fixed("<li data-a=\"warn\"><b>Warns:</b> "));
    if (coverage != nullptr)
        html.text(coverage->platform)
            .markup(" is ")
            .markup(html_coverage(coverage->state))
            .markup(": ");
    html.text(judged.sentence, 1024).markup(" <span class=\"at\">");
    html_place(html, judged.origin);
    html.markup("</span></li>");
}

void grounds(HtmlPage& page) {
    auto& html = page.html;
    auto const& account = page.record.account();
    html.markup("<ul class=\"why\">");
    if (!page.record.is_decided())
        html.markup("<li><b>Reason:</b> ")
            .text(page.record.undecided_reason(), 1024)
            .markup("</li>");
    for (auto const& covered : account.coverage)
        if (covered.state != policy::CoverageState::covered)
            ground(html, covered.decision, &covered);
    for (auto const& budget : account.budget)
        ground(html, budget.decision, nullptr);
    if (!account.policy.is_enforced) {
        html.markup(
            "<li><b>Not enforced:</b> policy says to report alone, so a block stops nothing");
        if (auto const& by = account.policy.not_enforced_by) {
            html.markup(" <span class=\"at\">");
            html_place(html, *by);
            html.markup("</span>");
        }
        html.markup("</li>");
    }
    html.markup("</ul>");
}

void can_be_fixed(HtmlPage& page) {
    auto const& upgrades = page.upgrades;
    auto const fixable = upgrades.findings - upgrades.without_fix;
    if (fixable == 0)
        return;
    auto& html = page.html;
    if (upgrades.without_fix == 0)
        html.markup(" Every finding that blocks");
    else
        html.markup(" ")
            .number(fixable)
            .markup(" of the ")
            .number(upgrades.findings)
            .markup(" findings that block");
    html.markup(" can be fixed by upgrading ");
    html_counted(html, upgrades.upgrades.size(), "package", "packages");
    html.markup(".");
}

void counts(HtmlPage& page) {
    auto& html = page.html;
    auto const& summary = page.record.account().summary;
    html.markup("<p class=\"counts\">");
    html.markup("<span data-a=\"block\"><b>").number(summary.block);
    html.markup(summary.block == 1 ? Fixed("</b> blocks") : Fixed("</b> block"));
    html.markup("</span> <span data-a=\"warn\"><b>").number(summary.warn);
    html.markup(summary.warn == 1 ? Fixed("</b> warns") : Fixed("</b> warn"));
    html.markup("</span> <span data-a=\"allow\"><b>").number(summary.allow).markup("</b> allowed");
    if (summary.waived > 0)
        html.markup(", of those ").number(summary.waived).markup(" by an exception");
    html.markup("</span></p>");
}

void base(HtmlPage& page) {
    auto const& base = page.record.image().base;
    if (!base)
        return;
    auto& html = page.html;
    std::string_view const reference = base->reference;
    auto const at = std::min(reference.rfind('@'), reference.size());
    bool const is_pinned =
        at < reference.size() && image::Digest::parse(reference.substr(at + 1)).has_value();
    html.element(
        "<div><dt>Base image</dt><dd><code>", is_pinned ? reference.substr(0, at) : reference, "");
    if (is_pinned)
        html.element("@", html_short(reference.substr(at + 1)), "");
    html.markup("</code>");
    if (!base->is_below)
        html.markup(" <b>is not below this image</b>");
    else if (base->newest) {
        auto const has_moved = base->reference.find(base->newest->text()) == std::string::npos;
        html.markup(has_moved ? Fixed(" <b>a newer one is there:</b> ") : Fixed(" (newest)"));
        if (has_moved)
            html.element("<code>", html_short(base->newest->text()), "</code>");
    }
    html.markup("</dd></div>");
}

void facts(HtmlPage& page) {
    auto& html = page.html;
    auto const& record = page.record;
    html.markup("<dl class=\"facts\">");
    for (auto const& [name, value] : record.context())
        html.element("<div><dt>", name, "</dt><dd>").text(value).markup("</dd></div>");
    std::size_t shown = 0;
    html.markup("<div><dt>Platforms</dt><dd>");
    for (auto const& platform : record.scan().platforms) {
        if (shown == platforms_shown)
            break;
        html.markup(shown++ == 0 ? Fixed("") : Fixed(", ")).text(platform.platform, 60);
        html.markup(" (");
        html_counted(html, platform.packages, "package", "packages");
        html.markup(")");
    }
    html_left_out(html, record.scan().platforms.size(), shown);
    html.markup("</dd></div>");
    if (record.run().finished.time_since_epoch() > std::chrono::hours(24))
        html.markup("<div><dt>Scanned</dt><dd>").time(record.run().finished).markup("</dd></div>");
    html.markup("<div><dt>Vulnerability data</dt><dd>");
    if (auto const date = record.data_date())
        html.markup("of ").time(*date);
    else
        html.markup("age not known");
    html.markup("</dd></div>");
    base(page);
    html.markup("</dl>");
}

} // namespace

void html_verdict(HtmlPage& page) {
    auto& html = page.html;
    auto const& record = page.record;
    auto const words = words_of(record);
    html.markup("<section class=\"verdict\" aria-labelledby=\"verdict\"><h1 id=\"verdict\">"
                "<span class=\"mark\" aria-hidden=\"true\">");
    html.markup(words.mark)
        .markup("</span>")
        .markup(words.word)
        .markup("</h1><p class=\"image\"><code>");
    html.text(record.reference().text(), 512).markup("</code></p><p class=\"lead\">");
    html.markup(words.lead);
    can_be_fixed(page);
    html.markup("</p>");
    if (record.is_decided())
        counts(page);
    grounds(page);
    facts(page);
    html.markup("</section>\n");
}

} // namespace clairgate::report
