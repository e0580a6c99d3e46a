#pragma once

#include "report/sample_report.hpp"
#include <clairgate/report/formats.hpp>
#include <clairgate/report/html_parts.hpp>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

/// Pages and parts of pages as tests read them: by a small reader of HTML that knows no more than a
/// browser must (tags, quoted attributes, character references).
namespace clairgate::sample {

inline std::string html_of(report::Report const& report) {
    std::string text;
    report::Out out([&](std::string_view piece) { text += piece; });
    report::render_html(report::Record(report), {}, out);
    out.finish();
    return text;
}

/// What a part writes.
inline std::string html_part(report::Report const& report,
                             std::function<void(report::HtmlPage&)> const& part) {
    std::string text;
    report::Out out([&](std::string_view piece) { text += piece; });
    report::Record const record(report);
    report::HtmlWriter html(out);
    auto const rows = report::html_rows_of(record);
    report::HtmlLayers const layers(record);
    auto const upgrades = report::upgrades_of(record);
    bool const has_platforms = report.scan.platforms.size() > 1;
    report::HtmlPage page{record, html, rows, layers, upgrades, has_platforms, {}};
    part(page);
    out.finish();
    return text;
}

/// What a writer writes.
inline std::string html_written(std::function<void(report::HtmlWriter&)> const& write) {
    std::string text;
    report::Out out([&](std::string_view piece) { text += piece; });
    report::HtmlWriter html(out);
    write(html);
    out.finish();
    return text;
}

/// The text with its character references read.
inline std::string html_unescaped(std::string_view html) {
    static constexpr std::array<std::pair<std::string_view, char>, 10> references{{
        {"&amp;", '&'},
        {"&lt;", '<'},
        {"&gt;", '>'},
        {"&quot;", '"'},
        {"&#39;", '\''},
        {"&#96;", '`'},
        {"&#61;", '='},
        {"&#58;", ':'},
        {"&#35;", '#'},
        {"&#10;", '\n'},
    }};
    std::string out;
    while (!html.empty()) {
        std::size_t taken = 1;
        char character = html.front();
        for (auto const& [reference, meaning] : references)
            if (html.starts_with(reference)) {
                taken = reference.size();
                character = meaning;
            }
        out += character;
        html.remove_prefix(taken);
    }
    return out;
}

/// The tags of the document without their attributes' values, and the text between them.
struct HtmlRead {
    std::string skeleton;
    std::string text;
};
inline HtmlRead html_read(std::string_view html) {
    HtmlRead out;
    std::string raw;
    bool is_tag = false;
    bool is_value = false;
    for (char const c : html) {
        if (!is_tag && c == '<') {
            is_tag = true;
            out.text += html_unescaped(raw);
            raw.clear();
        }
        if (is_tag && !is_value)
            out.skeleton += c;
        if (is_tag && c == '"')
            is_value = !is_value;
        else if (!is_tag)
            raw += c;
        if (is_tag && !is_value && c == '>')
            is_tag = false;
    }
    out.text += html_unescaped(raw);
    return out;
}

} // namespace clairgate::sample
