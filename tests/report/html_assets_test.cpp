#include <clairgate/report/html_assets.hpp>

#include <gtest/gtest.h>

#include <string>

namespace clairgate::report {
namespace {

TEST(HtmlAssets, AreSmallAndWhole) {
    EXPECT_TRUE(html_stylesheet().text().starts_with("\n:root {"));
    EXPECT_TRUE(html_script().text().ends_with("})();\n"));
    EXPECT_LT(html_stylesheet().text().size() + html_script().text().size(), 100'000U);
}

TEST(HtmlAssets, CannotEndTheirElementOrActInALog) {
    for (auto const text : {html_stylesheet().text(), html_script().text()})
        for (auto const* bad : {"</", "<!--", "::", "##", "\r", "\t", "@import", "url("})
            EXPECT_EQ(text.find(bad), std::string_view::npos) << bad;
}

TEST(HtmlAssets, MakeNoMarkupOfText) {
    auto const script = html_script().text();
    for (auto const* bad : {"innerHTML",
                            "outerHTML",
                            "insertAdjacentHTML",
                            "document.write",
                            "DOMParser",
                            "createContextualFragment",
                            "eval(",
                            "Function(",
                            "fetch(",
                            "XMLHttpRequest",
                            "import("})
        EXPECT_EQ(script.find(bad), std::string_view::npos) << bad;
    EXPECT_NE(script.find("\n\"use strict\";\n"), std::string_view::npos);
}

} // namespace
} // namespace clairgate::report
