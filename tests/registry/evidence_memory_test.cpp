#include <clairgate/registry/evidence_memory.hpp>

#include <gtest/gtest.h>

namespace clairgate::registry {
namespace {

TEST(EvidenceMemory, KnowsWhatWasKeptByItsDigestAlone) {
    EvidenceMemory memory;
    auto const digest = image::Digest::of("a");
    EXPECT_FALSE(memory.find(digest).has_value());
    memory.keep(digest, {"a", "text/plain"});
    auto const found = memory.find(digest);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->bytes, "a");
    EXPECT_EQ(found->media_type, "text/plain");
    EXPECT_FALSE(memory.find(image::Digest::of("b")).has_value());
}

TEST(EvidenceMemory, KeepsNoMoreThanItsBound) {
    EvidenceMemory memory(3);
    memory.keep(image::Digest::of("aa"), {"aa", ""});
    memory.keep(image::Digest::of("aa"), {"aa", ""}); // counts once
    memory.keep(image::Digest::of("bb"), {"bb", ""});
    memory.keep(image::Digest::of("c"), {"c", ""});
    EXPECT_TRUE(memory.find(image::Digest::of("aa")).has_value());
    EXPECT_FALSE(memory.find(image::Digest::of("bb")).has_value());
    EXPECT_TRUE(memory.find(image::Digest::of("c")).has_value());
}

} // namespace
} // namespace clairgate::registry
