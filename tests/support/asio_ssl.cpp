// The part of Asio that only the tests' TLS servers need (see src/io/asio.cpp).
#include <boost/asio/ssl/impl/src.hpp>
