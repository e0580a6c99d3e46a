#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex.hpp>
#include <clairgate/policy/vex_formats.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace clairgate::policy {
namespace {

using Status = VexStatement::Status;

template <class T>
std::string refusal(Result<T> const& result) {
    if (result.has_value())
        return "none";
    EXPECT_EQ(result.error().kind(), ErrorKind::policy);
    return result.error().message();
}

TEST(Vex, IsReadInBothFormats) {
    auto const openvex = parse_vex(R"({"@context":"https://openvex.dev/ns/v0.2.0","@id":"i",
        "author":"a","timestamp":"2026-01-01T00:00:00Z","version":1,"statements":[
        {"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:oci/app"}],
         "status":"fixed"}]})");
    ASSERT_TRUE(openvex.has_value()) << openvex.error().message();
    EXPECT_EQ(openvex->statements.at(0).place, "statements/0");
    auto const cyclonedx = parse_vex(R"({"bomFormat":"CycloneDX","specVersion":"1.6",
        "vulnerabilities":[{"id":"CVE-2024-0001","analysis":{"state":"resolved"},
        "affects":[{"ref":"pkg:oci/app"}]}]})");
    ASSERT_TRUE(cyclonedx.has_value()) << cyclonedx.error().message();
    EXPECT_EQ(cyclonedx->statements.at(0).place, "vulnerabilities/0");
}

TEST(Vex, AnotherFormatIsRefusedWithWhatIsRead) {
    for (std::string_view const json :
         {"{}",
          "[]",
          "7",
          "null",
          R"({"@context":7})",
          R"({"@context":["https://openvex.dev/ns"]})",
          R"({"@context":"https://openvex.example/ns"})",
          R"({"bomFormat":"SPDX"})",
          R"({"document":{"category":"csaf_vex"}})",
          R"({"_type":"https://in-toto.io/Statement/v1","predicate":{}})"}) {
        auto const parsed = parse_vex(json);
        EXPECT_EQ(refusal(parsed), "the document is no VEX document that is read here") << json;
        EXPECT_NE(parsed.error().remedy().find("CycloneDX"), std::string::npos);
    }
}

TEST(Vex, FloodsAreRefused) {
    EXPECT_EQ(refusal(parse_vex(std::string(VexDocument::bytes_max + 1, ' '))),
              "larger than 32 MiB");
    EXPECT_EQ(refusal(parse_vex(std::string(1'000'000, '{'))), "JSON is nested too deeply");
    EXPECT_EQ(refusal(parse_vex("")), "not valid JSON");
    EXPECT_EQ(refusal(parse_vex(R"({"bomFormat":"CycloneDX","bomFormat":"CycloneDX"})")),
              "JSON key twice: \"bomFormat\"");
}

TEST(Vex, DamagedDocumentsAreReadOrRefusedButNeverMore) {
    std::string_view const whole[] = {
        R"({"@context":"https://openvex.dev/ns","@id":"i","author":"a","timestamp":)"
        R"("2026-01-01T00:00:00Z","statements":[{"vulnerability":{"name":"C","aliases":["D"]},)"
        R"("products":[{"@id":"pkg:oci/a","subcomponents":[{"@id":"pkg:gem/b"}]}],)"
        R"("status":"fixed"}]})",
        R"({"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"r"}},)"
        R"("components":[{"bom-ref":"c","purl":"pkg:gem/c"}],"vulnerabilities":[{"id":"C",)"
        R"("analysis":{"state":"resolved"},"affects":[{"ref":"c"},{"ref":"r"}]}]})"};
    std::mt19937 random(20261124);
    int refused = 0;
    for (int i = 0; i < 1500; ++i) {
        std::string json(whole[i % 2]);
        for (auto n = random() % 3 + 1; n > 0; --n)
            json[random() % json.size()] = "\"{}[]:,0x\\ \xFF"[random() % 12];
        auto const parsed = parse_vex(json);
        if (!parsed.has_value())
            EXPECT_EQ(parsed.error().kind(), ErrorKind::policy) << json;
        else
            EXPECT_FALSE(parsed->statements.empty()) << json;
        refused += parsed.has_value() ? 0 : 1;
    }
    EXPECT_GT(refused, 500);
    EXPECT_LT(refused, 1500);
}

TEST(VexStatement, OnlyNotAffectedAndFixedSuppress) {
    VexStatement statement;
    EXPECT_FALSE(statement.suppresses());
    for (auto const& [status, word, suppresses] :
         {std::tuple(Status::not_affected, "not_affected", true),
          std::tuple(Status::fixed, "fixed", true),
          std::tuple(Status::affected, "affected", false),
          std::tuple(Status::under_investigation, "under_investigation", false)}) {
        statement.status = status;
        EXPECT_EQ(statement.suppresses(), suppresses) << word;
        EXPECT_EQ(to_string(status), word);
    }
}

TEST(Vex, AnIdIsAPlainWord) {
    auto const add = [](nlohmann::json const& id) {
        VexStatement statement;
        return refusal(add_vex_id(statement, FactNode(id, "statements/0/vulnerability/name")));
    };
    for (std::string const id :
         {"CVE-2024-0001", "GHSA-jfh8-c2jp-5v3q", "RHSA-2021:1234", "openSUSE-SU-2020:0051-1", "x"})
        EXPECT_EQ(add(id), "none") << id;
    for (std::string const& id : {std::string(),
                                  std::string(" "),
                                  std::string("CVE-2024-0001 "),
                                  std::string("CVE 2024"),
                                  std::string("CVE-2024-0001\n"),
                                  std::string("CVE-2024-0001\0x", 15),
                                  std::string("CVE\xE2\x80\x8D-2024-0001"),
                                  std::string("\xD0\xA1VE-2024-0001"),
                                  std::string("\x1b[31m"),
                                  std::string("\x7f"),
                                  std::string(257, 'a')})
        EXPECT_EQ(add(id), "statements/0/vulnerability/name is not the id of a vulnerability")
            << id;
    EXPECT_EQ(add(7), "statements/0/vulnerability/name is not a string");
    VexStatement statement;
    nlohmann::json const id = "CVE-2024-0001";
    ASSERT_TRUE(add_vex_id(statement, FactNode(id)).has_value());
    ASSERT_TRUE(add_vex_id(statement, FactNode(id)).has_value());
    EXPECT_EQ(statement.ids.size(), 1U); // the name may stand among its aliases
}

TEST(Vex, AWordThatIsNotKnownIsNamedWithTheNearest) {
    constexpr VexWord words[] = {{"fixed", Status::fixed}, {"affected", Status::affected}};
    constexpr std::string_view labels[] = {"code_not_present"};
    nlohmann::json const value = {{"status", "fxied"}, {"justification", "code_not_presnt"}};
    FactNode const node(value, "statements/0");
    EXPECT_EQ(refusal(vex_status(node, "status", words)),
              "statements/0/status is not known: \"fxied\" (did you mean fixed?)");
    EXPECT_EQ(refusal(vex_status(node, "none", words)), "statements/0/none is missing");
    EXPECT_EQ(refusal(vex_label(node, "justification", labels)),
              "statements/0/justification is not known: \"code_not_presnt\" (did you mean "
              "code_not_present?)");
    EXPECT_EQ(vex_label(node, "none", labels).value(), "");
}

TEST(Vex, ANameOfAProductIsBounded) {
    std::vector<std::string> names;
    nlohmann::json const value = nullptr;
    FactNode const node(value, "statements/0/products/0");
    EXPECT_EQ(refusal(add_vex_product(names, node, std::string(4096, 'x'))), "none");
    EXPECT_EQ(refusal(add_vex_product(names, node, std::string(4097, 'x'))),
              "statements/0/products/0 has a name that is too long");
    EXPECT_EQ(names.size(), 1U);
}

} // namespace
} // namespace clairgate::policy
