#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>
#include <clairgate/registry/referrers.hpp>

#include <gtest/gtest.h>

#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using test::Answer;
using test::EvidenceSetting;
using test::FakeReferrers;
using test::LoopbackServer;
using test::Received;
using test::TestWorld;
using Listed = std::optional<std::vector<Referrer>>;

constexpr std::string_view bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";

std::string entry(std::string_view words, std::string_view more = "") {
    return cat(R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","size":1,"digest":")",
               image::Digest::of(words).text(),
               "\"",
               more,
               "}");
}

std::string index(std::string_view entries) {
    return cat(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)",
               R"("manifests":[)",
               entries,
               "]}");
}

Result<Listed> list(EvidenceSetting& setting) {
    Fetcher fetcher(setting.world.world, setting.options);
    return setting.world.run(native_referrers(setting.world.world,
                                              fetcher,
                                              setting.registry.repository(),
                                              setting.image.digest,
                                              setting.deadline()));
}

// Answers the first page with `first`.
Result<Listed> list_after(Answer const& first) {
    EvidenceSetting setting;
    setting.referrers.before = [&](Received const& received) {
        return received.target.find("/referrers/") == std::string::npos ? std::nullopt
                                                                        : std::optional(first);
    };
    return list(setting);
}

Answer page(std::string body, std::string link = "") {
    auto answer = Answer::text(200, std::move(body));
    answer.headers = {{"Content-Type", std::string(image::media_type::oci_index)}};
    if (!link.empty())
        answer.headers.emplace_back("Link", std::move(link));
    return answer;
}

TEST(FallbackTag, IsTheSpecificationsForm) {
    auto const digest = image::Digest::of("x");
    EXPECT_EQ(fallback_tag(digest), cat("sha256-", digest.hex()));
    auto const longer = image::Digest::parse("sha512:" + std::string(128, 'a')).value();
    EXPECT_EQ(fallback_tag(longer), "sha512-" + std::string(64, 'a'));
}

TEST(ParseReferrers, TakesEachImageManifestOnce) {
    auto const entries =
        cat(entry("a", R"(,"artifactType":"t")"),
            ",",
            entry("b"),
            ",",
            entry("a", R"(,"artifactType":"other")"),
            R"(,7,null,{},{"mediaType":"application/vnd.oci.image.index.v1+json",)",
            R"("digest":")",
            image::Digest::of("c").text(),
            R"("},{"mediaType":"application/vnd.oci.image.manifest.v1+json",)",
            R"("digest":"sha256:../../x"})");
    auto const referrers = parse_referrers(index(entries)).value();
    std::vector<Referrer> const wanted = {{image::Digest::of("a"), "t"},
                                          {image::Digest::of("b"), ""}};
    EXPECT_EQ(referrers, wanted);
}

TEST(ParseReferrers, RefusesWhatIsNoIndex) {
    for (std::string const& bytes : {
             std::string("<html>"),
             std::string("[]"),
             std::string("{}"),
             std::string(R"({"manifests":{}})"),
             std::string(R"({"manifests":[],"layers":[]})"),
             std::string(R"({"manifests":[],"manifests":[]})"),
             std::string(R"({"manifests":[],"mediaType":"application/vnd.docker.distribution.)"
                         R"(manifest.list.v2+json"})"),
             std::string(200, '['),
         }) {
        auto const parsed = parse_referrers(bytes);
        EXPECT_FALSE(parsed.has_value()) << bytes;
    }
    TagContent const typed{index(""), std::string(image::media_type::oci_index), ""};
    EXPECT_TRUE(parse_fallback(typed).has_value());
    for (auto const* const type :
         {"", "application/json", "application/vnd.oci.image.index.v1+json; a"})
        EXPECT_FALSE(parse_fallback({index(""), type, ""}).has_value()) << type;
}

TEST(MayBeBundle, AsksForTheTypeOrForNone) {
    auto const digest = image::Digest::of("x");
    for (auto const* const type : {"application/vnd.dev.sigstore.bundle.v0.3+json",
                                   "application/vnd.dev.sigstore.bundle+json;version=0.3",
                                   "application/vnd.oci.empty.v1+json",
                                   "application/vnd.oci.image.config.v1+json",
                                   ""})
        EXPECT_TRUE(may_be_bundle({digest, type})) << type;
    for (auto const* const type : {"application/spdx+json", "xapplication/vnd.dev.sigstore.bundle"})
        EXPECT_FALSE(may_be_bundle({digest, type})) << type;
}

TEST(NextLink, FollowsTheTable) {
    struct Row {
        char const* header;
        char const* target; // null for none
    };
    Row const rows[] = {
        {R"(</a?b=1>; rel="next")", "/a?b=1"},
        {"</a>; rel=next", "/a"},
        {R"(</a>;rel="NEXT")", "/a"},
        {R"(</a>; title="x"; rel="next")", "/a"},
        {R"(</a>; rel="prev", </b>; rel="next")", "/b"},
        {R"(</a>; rel="next", </b>; rel="prev")", "/a"},
        {R"(</a>; rel="prev")", nullptr},
        {"</a>", nullptr},
        {"<", nullptr},
        {"/a; rel=\"next\"", nullptr},
        {"", nullptr},
        {R"(<>; rel="next")", ""},
    };
    for (auto const& row : rows) {
        auto const link = next_link(row.header);
        EXPECT_EQ(link.has_value(), row.target != nullptr) << row.header;
        if (link) {
            EXPECT_EQ(*link, row.target) << row.header;
        }
    }
}

TEST(NativeReferrers, ListsAllPages) {
    EvidenceSetting setting;
    setting.referrers.page_size = 2;
    std::vector<Referrer> wanted;
    for (auto const* const words : {"1", "2", "3", "4", "5"})
        wanted.push_back({setting.put_bundle(words), std::string(bundle)});
    EXPECT_EQ(list(setting).value(), Listed(wanted));
    EXPECT_EQ(setting.registry.received().size(), 3U);
}

TEST(NativeReferrers, BelievesOneAnswerOnly) {
    EXPECT_EQ(list_after(page(index(""))).value(), Listed(std::vector<Referrer>()));
    for (int const status : {201, 203, 204, 301, 400, 403, 404, 405, 410, 501}) {
        auto other = page(index(entry("a")));
        other.status = status;
        if (status == 301)
            other.headers.emplace_back("Location", "/v2/");
        if (status == 204)
            other.body = "";
        EXPECT_EQ(list_after(other).value(), Listed()) << status;
    }
    for (auto const* const type : {"application/json",
                                   "application/vnd.oci.image.index.v1+json; charset=utf-8",
                                   "application/vnd.oci.image.manifest.v1+json",
                                   "text/html"}) {
        auto other = page(index(entry("a")));
        other.headers = {{"Content-Type", type}};
        EXPECT_EQ(list_after(other).value(), Listed()) << type;
    }
}

// Trouble is no answer: it must not hide what is listed.
TEST(NativeReferrers, FailsOnTroubleAndGarbage) {
    EvidenceSetting setting;
    setting.referrers.before = [](Received const&) { return Answer::text(503, ""); };
    Fetcher fetcher(setting.world.world, setting.options);
    auto const failed = setting.world.run(
        native_referrers(setting.world.world,
                         fetcher,
                         setting.registry.repository(),
                         setting.image.digest,
                         Deadline::after(setting.world.clock, std::chrono::milliseconds(300))));
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().kind(), ErrorKind::unreachable);
    EXPECT_EQ(list_after(page("garbage")).error().kind(), ErrorKind::protocol);
    auto const large = page(std::string(limits::manifest_bytes + 1, ' '));
    EXPECT_EQ(list_after(large).error().kind(), ErrorKind::limit);
}

TEST(NativeReferrers, FollowsNoPageElsewhere) {
    TestWorld other_world;
    LoopbackServer other(other_world.context,
                         [](Received const&) { return Answer::text(200, ""); });
    auto const digest = image::Digest::of("x").text();
    for (std::string const& target : {other.url() + "/v2/team/app/referrers/x",
                                      cat("//", other.host(), "/x"),
                                      std::string("/v2/team/other/referrers/") + digest,
                                      std::string("/v2/team/app/blobs/") + digest,
                                      std::string("/v2/team/app/referrers/") + digest,
                                      std::string("../manifests/latest"),
                                      std::string("file:///etc/passwd"),
                                      std::string("http://u@127.0.0.1/")}) {
        auto const listed = list_after(page(index(""), cat("<", target, ">; rel=\"next\"")));
        ASSERT_FALSE(listed.has_value()) << target;
        EXPECT_EQ(listed.error().kind(), ErrorKind::denied) << target;
    }
    EXPECT_EQ(other.connections(), 0U);
}

TEST(NativeReferrers, TakesAnEscapedColonAndARelativePage) {
    for (bool const is_relative : {false, true}) {
        EvidenceSetting setting;
        setting.referrers.before = [&](Received const& received) -> std::optional<Answer> {
            if (received.target.ends_with("?n=2"))
                return page(index(entry("b")));
            auto const hex = setting.image.digest.hex();
            return page(index(entry("a")),
                        is_relative ? std::string("<?n=2>; rel=\"next\"")
                                    : cat("<",
                                          setting.registry.url(),
                                          "/v2/team/app/referrers/",
                                          "sha256%3A",
                                          hex,
                                          "?n=2>; rel=\"next\""));
        };
        EXPECT_EQ(list(setting).value().value().size(), 2U) << is_relative;
    }
}

TEST(NativeReferrers, HasABoundOfPages) {
    EvidenceSetting setting;
    setting.referrers.before = [](Received const&) {
        return page(index(""), "<?n=2>; rel=\"next\""); // for ever itself
    };
    EXPECT_EQ(list(setting).error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.registry.received().size(), referrer_pages_max);
}

} // namespace
} // namespace clairgate::registry
