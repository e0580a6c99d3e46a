#include <clairgate/base/text.hpp>
#include <clairgate/registry/tag_edit.hpp>

#include <gtest/gtest.h>

#include <registry/evidence_setting.hpp>

namespace clairgate::registry {
namespace {

using test::EvidenceSetting;
using test::Received;

// An edit that appends a word to what the tag holds, unless it is there.
struct Setting : EvidenceSetting {
    Result<void> append(std::string word) {
        Uploader uploader(world.world, options);
        TagEdit const edit =
            [&](std::optional<TagContent> const& content) -> Result<std::optional<TagUpdate>> {
            auto const held = content ? content->bytes : std::string();
            if (held.find(word) != std::string::npos)
                return std::optional<TagUpdate>();
            return std::optional(TagUpdate{held + word, "application/x", {cat("blob ", word)}});
        };
        return world.run(
            edit_tag(world.world, uploader, registry.repository(), "tag", edit, deadline()));
    }
    // Another writer overwrites each of the first `times` writes of the tag.
    void lose(int times) {
        referrers.after_tag = [this, times](std::string const& tag) mutable {
            if (times-- > 0)
                referrers.overwrite(tag, cat("other", times, ";"), "application/x");
        };
    }
    // Another writer comes between our reading and the first `times` writes.
    void race(int times) {
        referrers.before_tag = [this, times](std::string const& tag) mutable {
            if (times-- > 0)
                referrers.overwrite(
                    tag, cat(referrers.tagged(tag), "other", times, ";"), "application/x");
        };
    }
    std::size_t puts() const { return registry.count("PUT", "/v2/team/app/manifests/tag"); }
};

TEST(EditTag, WritesOnceAndReadsAgain) {
    Setting setting;
    ASSERT_TRUE(setting.append("a").has_value());
    EXPECT_EQ(setting.referrers.tagged("tag"), "a");
    EXPECT_TRUE(
        setting.registry.content(cat("/v2/team/app/blobs/", image::Digest::of("blob a").text())));
    EXPECT_EQ(setting.registry.received().back().method, "GET");
    setting.writes();
    ASSERT_TRUE(setting.append("a").has_value());
    EXPECT_EQ(setting.writes(), 0U);
}

TEST(EditTag, MergesWithAWriterWhoOverwroteIt) {
    Setting setting;
    setting.lose(2);
    ASSERT_TRUE(setting.append("a").has_value());
    EXPECT_EQ(setting.referrers.tagged("tag"), "other0;a");
    EXPECT_EQ(setting.puts(), 3U);
}

TEST(EditTag, LosesNothingWhereConditionsAreHonoured) {
    for (auto const* const first : {"", "first;"}) {
        Setting setting;
        setting.referrers.has_etags = true;
        if (*first != '\0')
            setting.referrers.overwrite("tag", first, "application/x");
        setting.race(2);
        ASSERT_TRUE(setting.append("a").has_value()) << first;
        EXPECT_EQ(setting.referrers.tagged("tag"), cat(first, "other1;other0;a"));
    }
}

TEST(EditTag, SaysWhatItWouldReplace) {
    Setting setting;
    setting.referrers.has_etags = true;
    std::vector<std::string> conditions;
    setting.referrers.before = [&](Received const& received) -> std::optional<test::Answer> {
        if (received.method == "PUT" && received.target == "/v2/team/app/manifests/tag")
            for (auto const* const name : {"if-match", "if-none-match"})
                if (received.headers.contains(name))
                    conditions.push_back(cat(name, " ", received.headers.at(name)));
        return std::nullopt;
    };
    ASSERT_TRUE(setting.append("a").has_value());
    ASSERT_TRUE(setting.append("b").has_value());
    EXPECT_EQ(conditions,
              (std::vector<std::string>{"if-none-match *",
                                        cat("if-match \"", image::Digest::of("a").text(), "\"")}));
}

// A condition that fails over what did not change says nothing of another writer.
TEST(EditTag, WritesWithoutAConditionThatIsMisunderstood) {
    Setting setting;
    setting.referrers.before = [&](Received const& received) -> std::optional<test::Answer> {
        bool const is_conditional = received.headers.contains("if-none-match");
        return is_conditional ? std::optional(test::Answer::text(412, "")) : std::nullopt;
    };
    ASSERT_TRUE(setting.append("a").has_value());
    EXPECT_EQ(setting.puts(), 2U);
}

TEST(EditTag, GivesUpWhereATagMayNotChange) {
    for (int const status : {400, 403, 409, 412}) {
        Setting setting;
        setting.referrers.tag_status = status;
        auto const edited = setting.append("a");
        ASSERT_FALSE(edited.has_value()) << status;
        EXPECT_EQ(edited.error().http_status(), status);
        EXPECT_EQ(setting.puts(), status == 412 ? 2U : 1U) << status;
    }
}

TEST(EditTag, GivesUpAgainstAWriterWithoutEnd) {
    Setting setting;
    setting.lose(1000);
    auto const edited = setting.append("a");
    ASSERT_FALSE(edited.has_value());
    EXPECT_EQ(edited.error().kind(), ErrorKind::protocol);
    EXPECT_EQ(setting.puts(), static_cast<std::size_t>(tag_writes_max));
}

TEST(EditTag, EndsWithTheEditsError) {
    Setting setting;
    Uploader uploader(setting.world.world, setting.options);
    TagEdit const edit = [](std::optional<TagContent> const&) -> Result<std::optional<TagUpdate>> {
        return Error(ErrorKind::limit, "full");
    };
    auto const edited = setting.world.run(edit_tag(setting.world.world,
                                                   uploader,
                                                   setting.registry.repository(),
                                                   "tag",
                                                   edit,
                                                   setting.deadline()));
    ASSERT_FALSE(edited.has_value());
    EXPECT_EQ(edited.error().kind(), ErrorKind::limit);
    EXPECT_EQ(setting.writes(), 0U);
}

} // namespace
} // namespace clairgate::registry
