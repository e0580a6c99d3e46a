#include <clairgate/image/instruction.hpp>

#include <gtest/gtest.h>

namespace clairgate::image {
namespace {

TEST(DockerfileInstruction, SaysWhatTheDockerfileSaid) {
    struct {
        char const* created_by;
        char const* instruction;
    } const cases[] = {
        {"RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit",
         "RUN apt-get update && apt-get install -y curl"},
        {"/bin/sh -c apt-get update", "RUN apt-get update"},
        {"/bin/sh -c #(nop) COPY file:abc in /app ", "COPY file:abc in /app"},
        {"/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"},
        {"COPY app /app # buildkit", "COPY app /app"},
        {"|1 VERSION=1.2 /bin/sh -c make \"$VERSION\"", "RUN make \"$VERSION\""},
        {"RUN |1 VERSION=1.2 /bin/sh -c make # buildkit", "RUN make"},
        {"RUN /bin/sh -c a     \t&&\n    b # buildkit", "RUN a && b"},
        {"# debian.sh --arch 'amd64' out/ 'bookworm'",
         "# debian.sh --arch 'amd64' out/ 'bookworm'"},
        {"buildpack", "buildpack"},
        {"", ""},
        {"   ", ""},
        {"|nothing", "|nothing"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(dockerfile_instruction(c.created_by), c.instruction) << c.created_by;
}

TEST(DockerfileInstruction, IsBounded) {
    auto const cut = dockerfile_instruction("RUN /bin/sh -c " + std::string(1'000'000, 'x'));
    EXPECT_EQ(cut.size(), instruction_bytes_max + 4);
    EXPECT_TRUE(cut.starts_with("RUN xxx"));
}

} // namespace
} // namespace clairgate::image
