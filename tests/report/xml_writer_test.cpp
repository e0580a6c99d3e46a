#include "report/hostile_texts.hpp"
#include "report/xml_reader.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/report/xml_writer.hpp>

#include <gtest/gtest.h>

namespace clairgate::report {
namespace {

template <class Write>
std::string written(Write write) {
    std::string text;
    Out out([&](std::string_view piece) { text += piece; });
    XmlWriter xml(out);
    write(xml);
    out.finish();
    return text;
}

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

TEST(XmlWriter, IndentsElementsAndKeepsTextTogether) {
    auto const text = written([](XmlWriter& xml) {
        xml.open("a");
        xml.attribute("n", std::uint64_t{7});
        xml.attribute("w", "word");
        xml.open("b");
        xml.text("one\ntwo ");
        xml.text(std::uint64_t{3});
        xml.close();
        xml.open("c");
        xml.begin_attribute("v");
        xml.text("x in ");
        xml.text("y", 10);
        xml.end_attribute();
        xml.close();
        xml.close();
    });
    EXPECT_EQ(text,
              std::string(declaration) +
                  "<a n=\"7\" w=\"word\">\n  <b>one\ntwo 3</b>\n  <c v=\"x in y\"/>\n</a>\n");
}

TEST(XmlWriter, EscapesByHandWhatXmlAndLogsActOn) {
    auto const text = written([](XmlWriter& xml) {
        xml.open("a");
        xml.attribute("v", "<&>\"' ]]> ::x ##y a:b#c \n\x01", 100);
        xml.text("]]> section_start:1", 100);
        xml.close();
    });
    EXPECT_EQ(text,
              std::string(declaration) +
                  "<a v=\"&lt;&amp;&gt;&quot;&#39; ]]&gt; :&#58;x #&#35;y a:b#c \\x0a\\x01\">"
                  "]]&gt; section_start&#58;1</a>\n");
}

TEST(XmlWriter, CutsWithAMark) {
    auto const text = written([](XmlWriter& xml) {
        xml.open("a");
        xml.text("abcdef", 3);
        xml.close();
    });
    EXPECT_EQ(text, std::string(declaration) + "<a>abc…</a>\n");
}

TEST(XmlWriter, GivesHostileTextsBackFromAParser) {
    for (auto const& hostile : sample::hostile_texts()) {
        auto const text = written([&](XmlWriter& xml) {
            xml.open("a");
            xml.attribute("v", hostile, 20'000);
            xml.open("b");
            xml.text(hostile, 20'000);
            xml.close();
            xml.close();
        });
        std::string scratch;
        std::string const expected(visible(hostile, scratch));
        auto const root = sample::parse_xml(text);
        ASSERT_TRUE(root.has_value()) << printable(text);
        ASSERT_EQ(root->attributes.at("v"), expected);
        ASSERT_EQ(root->children.at(0).text, expected);
        for (auto const* marker : {"::", "##", "section_start:", "travis_fold:"})
            ASSERT_EQ(text.find(marker), std::string::npos) << printable(text);
    }
}

} // namespace
} // namespace clairgate::report
