#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#ifndef BOOST_ASIO_SEPARATE_COMPILATION
#error "every file that includes Asio must use the one compiled copy"
#endif

namespace {

TEST(Asio, TheSeparatelyCompiledLoopRunsWhatIsPosted) {
    boost::asio::io_context context(1);
    int ran = 0;
    boost::asio::post(context, [&] { ++ran; });
    context.run();
    EXPECT_EQ(ran, 1);
}

} // namespace
